package org.bertology.core.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  @Test
  void fieldsAreReadInTheirOrder() {
    MessageReader message =
        read(
            new MessageBytes()
                .number(1, -1)
                .text(2, "größe")
                .fixed32(3, 0x89abcdef)
                .message(500, new MessageBytes().number(1, 300)));

    assertThat(message.next()).isTrue();
    assertThat(message.number()).isEqualTo(-1);
    assertThat(message.next()).isTrue();
    assertThat(message.text()).isEqualTo("größe");
    assertThat(message.next()).isTrue();
    assertThat(message.fixed32()).isEqualTo(0x89abcdef);
    assertThat(message.next()).isTrue();
    assertThat(message.field()).isEqualTo(500);
    MessageReader nested = message.message("the end");
    assertThat(nested.source()).isEqualTo("'x': the end");
    assertThat(nested.next()).isTrue();
    assertThat(nested.index()).isEqualTo(300);
    assertThat(nested.next()).isFalse();
    assertThat(message.next()).isFalse();
    assertThat(message.next()).isFalse();
  }

  @Test
  void whatNobodyReadsIsGoneOver() {
    MessageReader message =
        read(
            new MessageBytes()
                .number(1, 300)
                .varint(2 << 3 | 1)
                .raw(new byte[8])
                .text(3, "skipped")
                .fixed32(4, 0)
                .number(5, 7));

    while (message.next()) {
      if (message.field() == 5) {
        assertThat(message.number()).isEqualTo(7);
        assertThat(message.next()).isFalse();
        return;
      }
    }
    throw new AssertionError("field 5 was not found");
  }

  @Test
  void repeatedIntegersMayBePacked() {
    MessageReader message =
        read(
            new MessageBytes()
                .number(1, 4)
                .message(1, new MessageBytes().varint(300).varint(0))
                .number(1, 5));
    List<Long> numbers = new ArrayList<>();

    while (message.next()) {
      message.numbers(numbers::add);
    }

    assertThat(numbers).containsExactly(4L, 300L, 0L, 5L);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 6, 7})
  void otherWireTypesAreRefused(int type) {
    MessageReader message = read(new MessageBytes().varint(2 << 3 | type).raw(new byte[8]));
    assertThat(message.next()).isTrue();

    assertRefused(
        message::next, "'x' is broken: field 2 has the wire type %d, expected 0, 1, 2 or 5", type);
  }

  @Test
  void aFieldOfAnotherTypeIsRefused() {
    MessageReader message = read(new MessageBytes().number(2, 1).text(3, "a"));

    assertThat(message.next()).isTrue();
    assertRefused(
        message::text,
        "'x' is broken: field 2 has the wire type 0, expected 2, of variable length");
    assertRefused(
        message::fixed32, "'x' is broken: field 2 has the wire type 0, expected 5, four bytes");
    assertThat(message.next()).isTrue();
    assertRefused(
        message::number, "'x' is broken: field 3 has the wire type 2, expected 0, an integer");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1L << 29})
  void aFieldNumberOutsideOfTheFormatIsRefused(long field) {
    MessageReader message = read(new MessageBytes().varint(field << 3));

    assertRefused(message::next, "'x' is broken: a field has the number %d", field);
  }

  @Test
  void aLengthBeyondTheEndIsRefused() {
    MessageReader message = read(new MessageBytes().varint(2 << 3 | 2).varint(-1).raw(new byte[3]));

    assertThat(message.next()).isTrue();
    assertRefused(
        message::bytes,
        "'x' is broken or truncated: field 2 has 18446744073709551615 bytes, but only 3 are left");
  }

  @Test
  void aMessageThatEndsWithinAFieldIsRefused() {
    MessageReader fixed = read(new MessageBytes().varint(2 << 3 | 5).raw(new byte[3]));
    MessageReader integer = read(new MessageBytes().varint(2 << 3).raw((byte) 0x80));

    assertThat(fixed.next()).isTrue();
    assertRefused(fixed::fixed32, "'x' is broken or truncated: it ends within field 2");
    assertThat(integer.next()).isTrue();
    assertRefused(integer::number, "'x' is broken or truncated: it ends within an integer");
  }

  @Test
  void anIntegerOfMoreThanTenBytesIsRefused() {
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0x80);

    assertRefused(
        read(new MessageBytes().raw(endless))::next,
        "'x' is broken: an integer has more than 10 bytes");
  }

  @Test
  void anIndexIsNotNegativeAndFitsAnInteger() {
    MessageReader message = read(new MessageBytes().number(1, -1).number(1, 1L << 31));

    assertThat(message.next()).isTrue();
    assertRefused(message::index, "'x' is broken: field 1 is -1, expected at most 2147483647");
    assertThat(message.next()).isTrue();
    assertRefused(
        message::index, "'x' is broken: field 1 is 2147483648, expected at most 2147483647");
  }

  @Test
  void textIsUtf8() {
    MessageReader message = read(new MessageBytes().bytes(1, new byte[] {(byte) 0xff}));

    assertThat(message.next()).isTrue();
    assertRefused(message::text, "'x' is broken: field 1 is not UTF-8 text");
  }

  private static MessageReader read(MessageBytes bytes) {
    return new MessageReader("'x'", ByteBuffer.wrap(bytes.toArray()));
  }

  private static void assertRefused(ThrowingCallable action, String message, Object... arguments) {
    assertThatThrownBy(action).isInstanceOf(ContentException.class).hasMessage(message, arguments);
  }
}
