package org.bertology.djl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A module's fields as PyTorch pickles them (protocol 2): an object of class M with float32
 * tensors, each of which names the entry of the archive that holds its numbers, and {@code training
 * = False}.
 */
final class ModulePickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ModulePickle() {}

  /**
   * The pickle of a module.
   *
   * @param shapes of the parameters, in the same order; the numbers of the i-th are in {@code
   *     data/i}
   */
  static byte[] of(List<String> parameters, List<long[]> shapes) {
    ModulePickle pickle = new ModulePickle();
    pickle.raw(0x80, 2).text("c__torch__\nM\n)").raw(0x81).text("}(");
    for (int i = 0; i < parameters.size(); i++) {
      pickle.string(parameters.get(i)).tensor(Integer.toString(i), shapes.get(i));
    }
    return pickle.string("training").no().text("ub.").bytes.toByteArray();
  }

  /** torch._utils._rebuild_tensor_v2(storage, 0, size, stride, requires_grad, hooks). */
  private ModulePickle tensor(String key, long[] shape) {
    long size = 1;
    long[] strides = new long[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = size;
      size *= shape[axis];
    }
    return text("ctorch._utils\n_rebuild_tensor_v2\n(")
        .storage(key, size)
        .integer(0)
        .tuple(shape)
        .tuple(strides)
        .no()
        .text("ccollections\nOrderedDict\n)RtR");
  }

  private ModulePickle storage(String key, long size) {
    return text("(")
        .string("storage")
        .text("ctorch\nFloatStorage\n")
        .string(key)
        .string("cpu")
        .integer(size)
        .text("tQ");
  }

  private ModulePickle tuple(long[] values) {
    text("(");
    for (long value : values) {
      integer(value);
    }
    return text("t");
  }

  private ModulePickle integer(long value) {
    return raw('J').number(Math.toIntExact(value));
  }

  private ModulePickle string(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    raw('X').number(encoded.length);
    bytes.writeBytes(encoded);
    return this;
  }

  private ModulePickle number(int value) {
    ByteBuffer four = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.writeBytes(four.putInt(value).array());
    return this;
  }

  /** False. */
  private ModulePickle no() {
    return raw(0x89);
  }

  /** Operations that are letters, and names of classes. */
  private ModulePickle text(String ascii) {
    bytes.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  private ModulePickle raw(int... codes) {
    for (int code : codes) {
      bytes.write(code);
    }
    return this;
  }
}
