package org.bertology.core.tokenize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.bertology.core.ContentException;

/**
 * One message in the wire format of Protocol Buffers, read field by field: {@link #next()} gives a
 * field's number, and exactly one of the other methods its value. Nothing is read beyond the
 * message, nor more than is there set aside; anything else than the format is a {@link
 * ContentException} that names the file and the byte.
 */
final class ProtobufMessage {

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;
  private static final long LARGEST_FIELD = (1L << 29) - 1;

  private final Object source;
  private final ByteBuffer bytes;
  private int field;
  private int wireType;

  private ProtobufMessage(Object source, ByteBuffer bytes) {
    this.source = source;
    this.bytes = bytes;
  }

  /**
   * The message that is all of {@code bytes}.
   *
   * @param source what messages call the file
   */
  static ProtobufMessage of(Object source, byte[] bytes) {
    return new ProtobufMessage(source, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  boolean hasNext() {
    return bytes.hasRemaining();
  }

  /** The number of the next field. */
  int next() {
    long tag = varint();
    wireType = (int) (tag & 7);
    if (tag >>> 3 < 1 || tag >>> 3 > LARGEST_FIELD) {
      throw wrong("there is no field number %d".formatted(tag >>> 3));
    }
    field = (int) (tag >>> 3);
    return field;
  }

  int integer() {
    require(VARINT);
    long value = varint();
    if (value != (int) value) {
      throw wrong("%d is no 32-bit integer".formatted(value));
    }
    return (int) value;
  }

  boolean flag() {
    return integer() != 0;
  }

  float number() {
    require(FIXED_32);
    requireLeft(Float.BYTES);
    return bytes.getFloat();
  }

  String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part()).toString();
    } catch (CharacterCodingException e) {
      throw wrong("the text before it is not UTF-8");
    }
  }

  byte[] data() {
    ByteBuffer part = part();
    byte[] data = new byte[part.remaining()];
    part.get(data);
    return data;
  }

  ProtobufMessage message() {
    return new ProtobufMessage(source, part());
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED_64 -> skip(Long.BYTES);
      case LENGTH_DELIMITED -> part();
      case FIXED_32 -> skip(Float.BYTES);
      default -> throw wrong("field %d has the unknown wire type %d".formatted(field, wireType));
    }
  }

  private void skip(int length) {
    requireLeft(length);
    bytes.position(bytes.position() + length);
  }

  /** A view of a length-delimited value, which keeps its place in the file. */
  private ByteBuffer part() {
    require(LENGTH_DELIMITED);
    long length = varint();
    requireLeft(length);
    int end = bytes.position() + (int) length;
    ByteBuffer part = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end);
    bytes.position(end);
    return part;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      requireLeft(1);
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw wrong("an integer has more than 64 bits");
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw wrong(
          "field %d has the wire type %d, expected %d".formatted(field, wireType, expected));
    }
  }

  private void requireLeft(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw wrong(
          "%s bytes are needed and %d are left"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
  }

  private ContentException wrong(String problem) {
    return new ContentException(
        "%s is not a SentencePiece model: %s at byte %d; fetch the file again"
            .formatted(source, problem, bytes.position()));
  }
}
