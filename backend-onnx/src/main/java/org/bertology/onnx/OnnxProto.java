package org.bertology.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;

/**
 * The messages of an ONNX model (IR version 9, operator set 20), written without a library for
 * protocol buffers. Field numbers are those of {@code onnx.proto}.
 */
final class OnnxProto {
  static final long IR_VERSION = 9;
  static final long OPERATOR_SET = 20;

  /** The domain of ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_TENSOR = 4;
  private static final int ATTRIBUTE_INTS = 7;
  private static final int LOCATION_EXTERNAL = 1;

  private OnnxProto() {}

  /** {@code TensorProto.DataType}. */
  enum ElementCode {
    FLOAT(1),
    INT64(7),
    BOOL(9),
    DOUBLE(11);

    private final int number;

    ElementCode(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** {@code ModelProto} with operators of ONNX Runtime's own. */
  static WireMessage model(WireMessage graph) {
    return header()
        .message(7, graph)
        .message(8, new WireMessage().text(1, "").number(2, OPERATOR_SET))
        .message(8, new WireMessage().text(1, MICROSOFT).number(2, 1));
  }

  /** {@code ModelProto} with ONNX's operators alone. */
  static WireMessage portableModel(
      WireMessage graph, String description, Map<String, String> metadata) {
    WireMessage model =
        header()
            .text(6, description)
            .message(7, graph)
            .message(8, new WireMessage().text(1, "").number(2, OPERATOR_SET));
    metadata.forEach((key, value) -> model.message(14, entry(key, value)));
    return model;
  }

  private static WireMessage header() {
    return new WireMessage().number(1, IR_VERSION).text(2, "bertology");
  }

  /** {@code GraphProto}. */
  static WireMessage graph(
      String name,
      List<WireMessage> nodes,
      List<WireMessage> initializers,
      List<WireMessage> inputs,
      List<WireMessage> outputs,
      List<WireMessage> intermediates) {
    WireMessage graph = new WireMessage();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, name);
    initializers.forEach(initializer -> graph.message(5, initializer));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    intermediates.forEach(intermediate -> graph.message(13, intermediate));
    return graph;
  }

  /** {@code NodeProto} with one output; an empty domain is ONNX itself. */
  static WireMessage node(
      String domain,
      String operator,
      String name,
      List<String> inputs,
      String output,
      List<WireMessage> attributes) {
    WireMessage node = new WireMessage();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, name).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute));
    return domain.isEmpty() ? node : node.text(7, domain);
  }

  /** {@code AttributeProto} of an integer. */
  static WireMessage attribute(String name, long value) {
    return new WireMessage().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  static WireMessage attribute(String name, float value) {
    return new WireMessage().text(1, name).number(2, value).number(20, ATTRIBUTE_FLOAT);
  }

  static WireMessage attribute(String name, String value) {
    return new WireMessage().text(1, name).text(4, value).number(20, ATTRIBUTE_STRING);
  }

  static WireMessage attribute(String name, List<Integer> values) {
    WireMessage attribute = new WireMessage().text(1, name);
    values.forEach(value -> attribute.number(8, value));
    return attribute.number(20, ATTRIBUTE_INTS);
  }

  /** An attribute that holds a tensor of {@link #tensor}. */
  static WireMessage attribute(String name, WireMessage tensor) {
    return new WireMessage().text(1, name).message(5, tensor).number(20, ATTRIBUTE_TENSOR);
  }

  /** {@code TensorProto} with its data, little-endian in row-major order. */
  static WireMessage tensor(String name, ElementCode type, long[] extents, byte[] data) {
    return tensor(name, type, extents, ByteBuffer.wrap(data));
  }

  /** The same; the data is read when the message is written. */
  static WireMessage tensor(String name, ElementCode type, long[] extents, ByteBuffer data) {
    return tensorHeader(type, extents).text(8, name).bytes(9, data);
  }

  /** An INT64 tensor of rank 1. */
  static WireMessage tensor(String name, long... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return tensor(name, ElementCode.INT64, new long[] {values.length}, data.array());
  }

  /** {@code TensorProto} whose data is elsewhere: {@code location} is a file name. */
  static WireMessage externalTensor(
      String name, ElementCode type, long[] extents, String location) {
    return tensorHeader(type, extents)
        .text(8, name)
        .message(13, entry("location", location))
        .number(14, LOCATION_EXTERNAL);
  }

  /** The same where the data is a part of that file. */
  static WireMessage externalTensor(
      String name, ElementCode type, long[] extents, String location, long offset, long bytes) {
    return tensorHeader(type, extents)
        .text(8, name)
        .message(13, entry("location", location))
        .message(13, entry("offset", Long.toString(offset)))
        .message(13, entry("length", Long.toString(bytes)))
        .number(14, LOCATION_EXTERNAL);
  }

  private static WireMessage entry(String key, String value) {
    return new WireMessage().text(1, key).text(2, value);
  }

  private static WireMessage tensorHeader(ElementCode type, long[] extents) {
    WireMessage tensor = new WireMessage();
    for (long extent : extents) {
      tensor.number(1, extent);
    }
    return tensor.number(2, type.number());
  }

  /** {@code ValueInfoProto}; a dimension with symbols becomes a parameter such as "12*batch". */
  static WireMessage valueInfo(String name, ElementCode type, Shape shape) {
    WireMessage dims = new WireMessage();
    for (Dim dim : shape.dims()) {
      WireMessage written = new WireMessage();
      dims.message(
          1, dim.isLiteral() ? written.number(1, dim.factor()) : written.text(2, dim.toString()));
    }
    WireMessage tensor = new WireMessage().number(1, type.number()).message(2, dims);
    return new WireMessage().text(1, name).message(2, new WireMessage().message(1, tensor));
  }
}
