package org.bertology.onnx;

import java.util.List;
import org.bertology.api.graph.Shape;
import org.bertology.onnx.OnnxProto.ElementCode;

/**
 * Functions in double precision for which ONNX Runtime has no kernel, composed of elementwise
 * operators that are exact in double.
 */
final class DoubleFunctions {
  /** Coefficients of Cody (1969), Rational Chebyshev approximations for the error function. */
  private static final double[] CENTRE_NUMERATOR = {
    0.18577770618460315,
    3.1611237438705655,
    113.86415415105016,
    377.485237685302,
    3209.3775891384694
  };

  private static final double[] CENTRE_DENOMINATOR = {
    1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171
  };

  private static final double[] TAIL_NUMERATOR = {
    2.1531153547440383e-8,
    0.5641884969886701,
    8.883149794388377,
    66.11919063714163,
    298.6351381974001,
    881.952221241769,
    1712.0476126340707,
    2051.0783778260716,
    1230.3393547979972
  };

  private static final double[] TAIL_DENOMINATOR = {
    1,
    15.744926110709835,
    117.6939508913125,
    537.1811018620099,
    1621.3895745666903,
    3290.7992357334597,
    4362.619090143247,
    3439.3676741437216,
    1230.3393548037495
  };

  private static final double CENTRE = 0.46875;

  /** Beyond, the error function is 1 in double precision. */
  private static final double END = 6;

  private final ModelWriter writer;
  private final String scope;
  private final String operand;
  private final Shape shape;

  DoubleFunctions(ModelWriter writer, String scope, String operand, Shape shape) {
    this.writer = writer;
    this.scope = scope;
    this.operand = operand;
    this.shape = shape;
  }

  /** The error function. */
  String erf() {
    return erf(operand);
  }

  /** x·Φ(x). */
  String gelu() {
    String scaled = emit("Div", operand, writer.scalar(Math.sqrt(2)));
    String twice = emit("Add", erf(scaled), writer.scalar(1));
    return emit("Mul", emit("Mul", operand, writer.scalar(0.5)), twice);
  }

  private String erf(String x) {
    String magnitude = emit("Min", emit("Abs", x), writer.scalar(END));
    String square = emit("Mul", magnitude, magnitude);
    String centre = emit("Mul", x, quotient(square, CENTRE_NUMERATOR, CENTRE_DENOMINATOR));
    String decay = emit("Exp", emit("Neg", square));
    String complement = emit("Mul", decay, quotient(magnitude, TAIL_NUMERATOR, TAIL_DENOMINATOR));
    String tail = emit("Mul", emit("Sign", x), emit("Sub", writer.scalar(1), complement));
    String inCentre =
        writer.node(
            "Less", scope, List.of(magnitude, writer.scalar(CENTRE)), ElementCode.BOOL, shape);
    return emit("Where", inCentre, centre, tail);
  }

  private String quotient(String x, double[] numerator, double[] denominator) {
    return emit("Div", polynomial(x, numerator), polynomial(x, denominator));
  }

  /** Horner's scheme, from the highest power down. */
  private String polynomial(String x, double[] coefficients) {
    String sum = writer.scalar(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = emit("Add", emit("Mul", sum, x), writer.scalar(coefficients[i]));
    }
    return sum;
  }

  private String emit(String operator, String... operands) {
    return writer.node(operator, scope, List.of(operands), ElementCode.DOUBLE, shape);
  }
}
