package org.bertology.core.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A pickle put together by hand, instruction by instruction, so that it can be wrong. */
final class RawPickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  RawPickle() {
    code(0x80, 2);
  }

  /** Bytes as they are. */
  RawPickle code(int... codes) {
    for (int code : codes) {
      bytes.write(code);
    }
    return this;
  }

  /** Instructions whose bytes are these characters. */
  RawPickle ops(String codes) {
    bytes.writeBytes(codes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RawPickle repeat(int times, RawPickle part) {
    byte[] once = part.bytes.toByteArray();
    for (int i = 0; i < times; i++) {
      bytes.write(once, 2, once.length - 2);
    }
    return this;
  }

  RawPickle text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return code('X').littleEndian(4, utf8.length).raw(utf8);
  }

  RawPickle number(int number) {
    return code('J').littleEndian(4, number);
  }

  RawPickle numbers(long... numbers) {
    code('(');
    for (long number : numbers) {
      code(0x8a, 8).littleEndian(8, number);
    }
    return code('t');
  }

  RawPickle littleEndian(int width, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    bytes.write(all, 0, width);
    return this;
  }

  RawPickle raw(byte[] raw) {
    bytes.writeBytes(raw);
    return this;
  }

  RawPickle global(String module, String name) {
    return code('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A storage of floats. */
  RawPickle storage(String key, int elements) {
    return code('(')
        .text("storage")
        .global("torch", "FloatStorage")
        .text(key)
        .text("cpu")
        .number(elements)
        .ops("tQ");
  }

  /** A tensor that views a storage of four floats, {@code 0}. */
  RawPickle tensor(long offset, RawPickle shape, RawPickle strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .code('(')
        .storage("0", 4)
        .code(0x8a, 8)
        .littleEndian(8, offset)
        .repeat(1, shape)
        .repeat(1, strides)
        .code(0x89)
        .code('N', 't', 'R');
  }

  RawPickle tensor(long offset, long[] shape, long[] strides) {
    return tensor(offset, new RawPickle().numbers(shape), new RawPickle().numbers(strides));
  }

  /** The state dict {@code {"x": tensor}} around a tensor. */
  static RawPickle stateDict(RawPickle tensor) {
    return new RawPickle().code('}').text("x").repeat(1, tensor).code('s');
  }

  /** The pickle with its end. */
  byte[] bytes() {
    byte[] pickle = bytes.toByteArray();
    byte[] ended = Arrays.copyOf(pickle, pickle.length + 1);
    ended[pickle.length] = '.';
    return ended;
  }
}
