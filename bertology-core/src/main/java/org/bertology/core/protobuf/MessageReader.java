package org.bertology.core.protobuf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.bertology.core.ContentException;

/**
 * A message in the wire format of protocol buffers (<a
 * href="https://protobuf.dev/programming-guides/encoding/">specification</a>), read field by field:
 *
 * <pre>{@code
 * while (message.next()) {
 *   switch (message.field()) {
 *     case 1 -> name = message.text();
 *     case 2 -> message.numbers(extents::add);
 *     default -> {} // next() goes past what was not read
 *   }
 * }
 * }</pre>
 *
 * <p>Nothing is copied, and every step moves forward, so that a message takes neither more memory
 * nor more steps than it has bytes. Groups, which protocol buffers have given up, are refused.
 */
public final class MessageReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private final String source;
  private final ByteBuffer bytes;
  private int field;
  private int wireType;
  private boolean pending;

  /**
   * A message of all that is left in a buffer.
   *
   * @param source what messages call it, such as a quoted file name
   */
  public MessageReader(String source, ByteBuffer bytes) {
    this.source = source;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What messages call this. */
  public String source() {
    return source;
  }

  /**
   * Goes to the next field, past the one before if nobody has read it; false after the last one.
   *
   * @throws ContentException if there is no whole field
   */
  public boolean next() {
    if (pending) {
      skip();
      pending = false;
    }
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw broken("a field has the number %s".formatted(Long.toUnsignedString(tag >>> 3)));
    }
    pending = true;
    return true;
  }

  private void skip() {
    switch (wireType) {
      case VARINT -> number();
      case FIXED_64 -> take(Long.BYTES);
      case LENGTH_DELIMITED -> bytes();
      case FIXED_32 -> take(Integer.BYTES);
      default ->
          throw broken(
              "field %d has the wire type %d, expected 0, 1, 2 or 5".formatted(field, wireType));
    }
  }

  /** The number of the field that was gone to. */
  public int field() {
    return field;
  }

  /** The field's value, an integer, enumeration or truth value. */
  public long number() {
    require(VARINT, "an integer");
    return varint();
  }

  /** The field's value, an integer from 0 to 2^31 - 1. */
  public int index() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw broken(
          "field %d is %d, expected at most %d".formatted(field, value, Integer.MAX_VALUE));
    }
    return (int) value;
  }

  /** The field's value of 32 bits. */
  public int fixed32() {
    require(FIXED_32, "four bytes");
    return take(Integer.BYTES).getInt();
  }

  /** One value of a repeated integer field, or several that are packed into one. */
  public void numbers(LongConsumer values) {
    if (wireType != LENGTH_DELIMITED) {
      values.accept(number());
      return;
    }
    MessageReader packed = new MessageReader(source, bytes());
    while (packed.bytes.hasRemaining()) {
      values.accept(packed.varint());
    }
  }

  /** A view of the field's value. */
  public ByteBuffer bytes() {
    require(LENGTH_DELIMITED, "of variable length");
    long length = varint();
    if (length < 0 || length > bytes.remaining()) {
      throw new ContentException(
          "%s is broken or truncated: field %d has %s bytes, but only %d are left"
              .formatted(source, field, Long.toUnsignedString(length), bytes.remaining()));
    }
    return take((int) length);
  }

  /** The field's value, UTF-8 text. */
  public String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
    } catch (CharacterCodingException e) {
      throw new ContentException(
          "%s is broken: field %d is not UTF-8 text".formatted(source, field), e);
    }
  }

  /**
   * The field's value, a message of its own.
   *
   * @param name what messages call it, after this one's
   */
  public MessageReader message(String name) {
    return new MessageReader("%s: %s".formatted(source, name), bytes());
  }

  private void require(int expected, String description) {
    if (wireType != expected) {
      throw broken(
          "field %d has the wire type %d, expected %d, %s"
              .formatted(field, wireType, expected, description));
    }
    pending = false;
  }

  private ByteBuffer take(int length) {
    if (bytes.remaining() < length) {
      throw new ContentException(
          "%s is broken or truncated: it ends within field %d".formatted(source, field));
    }
    ByteBuffer taken = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + length);
    return taken;
  }

  private long varint() {
    return Varint.read(source, bytes);
  }

  private ContentException broken(String reason) {
    return new ContentException("%s is broken: %s".formatted(source, reason));
  }
}
