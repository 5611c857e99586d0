package org.bertology.onnx;

import java.util.List;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.onnx.OnnxProto.ElementCode;

/**
 * Functions in double precision for which ONNX Runtime has no kernel, or one that keeps numbers in
 * float32 on the way, composed of elementwise operators that are exact in double.
 */
final class DoubleFunctions {
  /** Coefficients of Cody (1969), Rational Chebyshev approximations for the error function. */
  private static final double[] CENTRE_NUMERATOR = {
    1.85777706184603153e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3
  };

  private static final double[] CENTRE_DENOMINATOR = {
    1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
  };

  private static final double[] TAIL_NUMERATOR = {
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3
  };

  private static final double[] TAIL_DENOMINATOR = {
    1,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3
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
    String centre =
        emit("Mul", x, quotient(square, CENTRE_NUMERATOR, CENTRE_DENOMINATOR));
    String decay = emit("Exp", emit("Neg", square));
    String complement =
        emit("Mul", decay, quotient(magnitude, TAIL_NUMERATOR, TAIL_DENOMINATOR));
    String tail =
        emit("Mul", emit("Sign", x), emit("Sub", writer.scalar(1), complement));
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

  /** Normalisation over the last axis; ONNX Runtime's operator takes its epsilon as float32. */
  String layerNorm(String scale, String bias, double epsilon) {
    String centred = emit("Sub", operand, mean(operand));
    String variance = mean(emit("Mul", centred, centred));
    String deviation = row("Sqrt", row("Add", variance, writer.scalar(epsilon)));
    return emit("Add", emit("Mul", emit("Div", centred, deviation), scale), bias);
  }

  private String mean(String x) {
    return writer.node(
        "ReduceMean",
        scope,
        List.of(x, writer.integers(-1)),
        ElementCode.DOUBLE,
        shape.with(-1, Dim.ONE),
        OnnxProto.attribute("keepdims", 1L));
  }

  private String row(String operator, String... operands) {
    return writer.node(
        operator, scope, List.of(operands), ElementCode.DOUBLE, shape.with(-1, Dim.ONE));
  }

  private String emit(String operator, String... operands) {
    return writer.node(operator, scope, List.of(operands), ElementCode.DOUBLE, shape);
  }
}
