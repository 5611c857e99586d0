package org.bertology.tensorflow;

import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.DType;
import org.tensorflow.proto.DataType;

/** What the element types of a graph are in TensorFlow and on the host, at one precision. */
record Elements(Precision precision) {
  DataType type(ElementType element) {
    return switch (element) {
      case FLOAT -> floating();
      case INT -> DataType.DT_INT64;
      case BOOL -> DataType.DT_BOOL;
    };
  }

  DataType floating() {
    return precision == Precision.FLOAT64 ? DataType.DT_DOUBLE : DataType.DT_FLOAT;
  }

  DType host(ElementType element) {
    return Bindings.hostType(element, precision);
  }
}
