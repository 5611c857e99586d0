package org.bertology.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.DType;
import org.bertology.onnx.OnnxProto.ElementCode;

/** What the element types of a graph are in a model and on the host, at one precision. */
record Elements(Precision precision) {
  ElementCode code(ElementType element) {
    return switch (element) {
      case FLOAT -> floating();
      case INT -> ElementCode.INT64;
      case BOOL -> ElementCode.BOOL;
    };
  }

  ElementCode floating() {
    return isDouble() ? ElementCode.DOUBLE : ElementCode.FLOAT;
  }

  boolean isDouble() {
    return precision == Precision.FLOAT64;
  }

  DType host(ElementType element) {
    return Bindings.hostType(element, precision);
  }

  /** How many bytes a FLOAT tensor has. */
  long bytes(long[] extents) {
    return Arrays.stream(extents).reduce(host(ElementType.FLOAT).bytes(), Math::multiplyExact);
  }

  /** A FLOAT number, little-endian. */
  byte[] bytes(double value) {
    int width = host(ElementType.FLOAT).bytes();
    ByteBuffer data = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
    return (isDouble() ? data.putDouble(value) : data.putFloat((float) value)).array();
  }
}
