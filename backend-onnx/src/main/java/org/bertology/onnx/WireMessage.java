package org.bertology.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of protocol buffers, as far as ONNX models need it: fields are
 * appended in the order of the calls, each under its number in {@code onnx.proto}. Data given as a
 * buffer is read when the message is written, so that weights are never copied.
 */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  /** What is complete, of {@link #partBytes} in all; {@link #bytes} follows. */
  private final List<ByteBuffer> parts = new ArrayList<>();

  private long partBytes;
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An integer or enum field. */
  WireMessage number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  /** A float field. */
  WireMessage number(int field, float value) {
    varint((long) field << 3 | FIXED_32);
    int bits = Float.floatToIntBits(value);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.write(bits >>> shift);
    }
    return this;
  }

  /** A string field. */
  WireMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A nested message. */
  WireMessage message(int field, WireMessage value) {
    length(field, value.size());
    value.parts.forEach(this::append);
    bytes.writeBytes(value.bytes.toByteArray());
    return this;
  }

  /** A bytes field. */
  WireMessage bytes(int field, byte[] value) {
    length(field, value.length);
    bytes.writeBytes(value);
    return this;
  }

  /** A bytes field of all that is left in a buffer, which must not change any more. */
  WireMessage bytes(int field, ByteBuffer value) {
    length(field, value.remaining());
    append(value.duplicate());
    return this;
  }

  private void length(int field, long length) {
    varint((long) field << 3 | LENGTH_DELIMITED);
    varint(length);
  }

  private void append(ByteBuffer part) {
    parts.add(ByteBuffer.wrap(bytes.toByteArray()));
    parts.add(part);
    partBytes += bytes.size() + part.remaining();
    bytes = new ByteArrayOutputStream();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  /** The number of bytes. */
  long size() {
    return partBytes + bytes.size();
  }

  /** A copy of all bytes, of which there must not be more than an array holds. */
  byte[] toBytes() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
    parts.forEach(part -> all.put(part.duplicate()));
    return all.put(bytes.toByteArray()).array();
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    for (ByteBuffer part : parts) {
      writeAll(channel, part.duplicate());
    }
    writeAll(channel, ByteBuffer.wrap(bytes.toByteArray()));
  }

  static void writeAll(WritableByteChannel channel, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }
}
