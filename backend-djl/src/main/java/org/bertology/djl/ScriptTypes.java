package org.bertology.djl;

import ai.djl.ndarray.types.DataType;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.DType;

/**
 * What element types are in a script, for DJL and on the host, at one precision.
 *
 * @param device where scripts make new tensors, as PyTorch calls it: {@code cpu} or {@code cuda:0}
 * @param oneDnn whether this PyTorch was built with oneDNN
 */
record ScriptTypes(Precision precision, String device, boolean oneDnn) {
  private static final String PROCESSOR = "cpu";

  /** PyTorch's number for 64-bit integers. */
  static final int INT64 = 4;

  private static final int FLOAT32 = 6;
  private static final int FLOAT64 = 7;

  /** PyTorch's number for FLOAT. */
  int floating() {
    return precision == Precision.FLOAT64 ? FLOAT64 : FLOAT32;
  }

  /** The last arguments of what makes a FLOAT tensor. */
  String floatingOptions() {
    String options = "dtype=" + floating();
    return device.equals(PROCESSOR)
        ? options
        : options + ", device=torch.device(\"%s\")".formatted(device);
  }

  /** Whether oneDNN multiplies matrices of FLOAT. */
  boolean multipliesByOneDnn() {
    return oneDnn && precision == Precision.FLOAT32 && device.equals(PROCESSOR);
  }

  /** A number as a script writes it. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      String name = Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
      return "float(\"%s\")".formatted(name);
    }
    return Double.toString(value);
  }

  DType host(ElementType element) {
    return Bindings.hostType(element, precision);
  }

  /** DJL's name for a host type. Only these four: others end the process inside the engine. */
  static DataType array(DType type) {
    return switch (type) {
      case F32 -> DataType.FLOAT32;
      case F64 -> DataType.FLOAT64;
      case I64 -> DataType.INT64;
      case BOOL -> DataType.BOOLEAN;
      case I32 -> throw new IllegalArgumentException("INT is 64 bits wide in a script");
    };
  }
}
