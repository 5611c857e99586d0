package org.bertology.core.checkpoint.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.core.protobuf.MessageBytes;

/** An ONNX model without nodes, written as an export does or wrongly. */
final class OnnxBytes {
  static final int FLOAT = 1;

  private final MessageBytes graph = new MessageBytes().text(2, "bertology");
  private final MessageBytes metadata = new MessageBytes();

  /** Text under a key. */
  OnnxBytes metadata(String key, String value) {
    metadata.message(14, new MessageBytes().text(1, key).text(2, value));
    return this;
  }

  OnnxBytes config(String json) {
    return metadata(OnnxCheckpoint.CONFIGURATION, json);
  }

  OnnxBytes tensor(MessageBytes tensor) {
    graph.message(5, tensor);
    return this;
  }

  OnnxBytes tensor(String name, int type, byte[] data, long... shape) {
    return tensor(header(name, type, shape).bytes(9, data));
  }

  OnnxBytes external(String name, String location, String offset, String length, long... shape) {
    return tensor(
        header(name, FLOAT, shape)
            .message(13, entry("location", location))
            .message(13, entry("offset", offset))
            .message(13, entry("length", length))
            .number(14, 1));
  }

  static MessageBytes header(String name, int type, long... shape) {
    MessageBytes tensor = new MessageBytes();
    for (long extent : shape) {
      tensor.number(1, extent);
    }
    return tensor.number(2, type).text(8, name);
  }

  private static MessageBytes entry(String key, String value) {
    return new MessageBytes().text(1, key).text(2, value);
  }

  static byte[] floats(float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return data.array();
  }

  byte[] toArray() {
    return new MessageBytes()
        .number(1, 9)
        .text(2, "bertology")
        .message(7, graph)
        .raw(metadata.toArray())
        .toArray();
  }
}
