package org.bertology.core.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of protocol buffers put together field by field, so that it can be wrong. */
public final class MessageBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An integer field. */
  public MessageBytes number(int field, long value) {
    return varint((long) field << 3).varint(value);
  }

  /** A field of four bytes. */
  public MessageBytes fixed32(int field, int value) {
    varint((long) field << 3 | 5);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.write(value >>> shift);
    }
    return this;
  }

  /** A field of variable length. */
  public MessageBytes bytes(int field, byte[] value) {
    varint((long) field << 3 | 2).varint(value.length);
    return raw(value);
  }

  public MessageBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public MessageBytes message(int field, MessageBytes value) {
    return bytes(field, value.toArray());
  }

  /** A bare integer. */
  public MessageBytes varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }

  /** Bare bytes. */
  public MessageBytes raw(byte... value) {
    bytes.writeBytes(value);
    return this;
  }

  public byte[] toArray() {
    return bytes.toByteArray();
  }
}
