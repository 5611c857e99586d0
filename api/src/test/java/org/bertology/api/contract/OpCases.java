package org.bertology.api.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** Uses of every operation: rank 3 and more, broadcasts, repeated operands, large arguments. */
public final class OpCases {
  private static final String B = "batch";
  private static final String T = "sequence";

  private final List<OpCase> cases = new ArrayList<>();

  private OpCases() {
    leaves();
    unary();
    binary();
    choice();
    movement();
    contraction();
    indexing();
  }

  public static List<OpCase> all() {
    return List.copyOf(new OpCases().cases);
  }

  private static Value x(GraphBuilder g) {
    return g.input("x", ElementType.FLOAT, Shape.of(B, T, 4));
  }

  private static Value y(GraphBuilder g) {
    return g.input("y", ElementType.FLOAT, Shape.of(B, T, 4));
  }

  private static Value indices(GraphBuilder g) {
    return g.input("indices", ElementType.INT, Shape.of(B, T));
  }

  private OpCase add(String op, String use, Function<GraphBuilder, Value> body) {
    OpCase added = new OpCase(op, use, body);
    cases.add(added);
    return added;
  }

  private void addBetween(
      double low, double high, String op, String use, Function<GraphBuilder, Value> body) {
    cases.add(new OpCase(op, use, body).between(low, high));
  }

  private void leaves() {
    add("Input", "as it is", g -> x(g).add(0));
    add("Parameter", "used twice", g -> p(g, "w", 4).mul(x(g)).add(p(g, "w", 4)));
    add("Scalar", "times a value", g -> x(g).mul(1.5));
    add("DimSize", "of a product", g -> x(g).div(g.size(Dim.of(B).times(Dim.of(T)))));
    add("DimSize", "mean over a symbol", g -> x(g).mean(1));
  }

  private static Value p(GraphBuilder g, String name, Object... shape) {
    return g.parameter(name, Shape.of(shape));
  }

  private void unary() {
    unary("NEG", Value::neg, -2, 2);
    unary("ABS", Value::abs, -2, 2);
    unary("SIGN", Value::sign, -2, 2);
    unary("EXP", Value::exp, -2, 2);
    unary("EXP", Value::exp, -60, -20);
    unary("LOG", Value::log, 0.2, 3);
    unary("SQRT", Value::sqrt, 0.2, 3);
    unary("TANH", Value::tanh, -2, 2);
    unary("TANH", Value::tanh, -900, 900);
    unary("ERF", Value::erf, -2, 2);
    unary("ERF", Value::erf, -40, 40);
    unary("GELU", Value::gelu, -2, 2);
    unary("GELU", Value::gelu, -40, 40);
    unary("MUL", Value::geluTanh, -3, 3);
    unary("MUL", Value::geluTanh, -60, 60);
    unary("MAXIMUM", Value::relu, -2, 2);
  }

  private void unary(String op, UnaryOperator<Value> function, double low, double high) {
    addBetween(
        low, high, op, "elementwise in [%s, %s]".formatted(low, high), g -> function.apply(x(g)));
  }

  private void binary() {
    for (Op.BinaryKind kind : Op.BinaryKind.values()) {
      double low = kind == Op.BinaryKind.DIV ? 0.5 : -2;
      String op = kind.name();
      addBetween(low, 2.5, op, "equal shapes", g -> x(g).binary(kind, y(g)));
      addBetween(low, 2.5, op, "an operand twice", g -> x(g).binary(kind, x(g)));
      addBetween(low, 2.5, op, "broadcast on both sides", g -> wide(g).binary(kind, tall(g)));
      addBetween(low, 2.5, op, "a scalar on the left", g -> g.scalar(1.25).binary(kind, x(g)));
      addBetween(low, 2.5, op, "a vector on the right", g -> x(g).binary(kind, p(g, "v", 4)));
    }
  }

  /** {@code [batch, 1, 4]}. */
  private static Value wide(GraphBuilder g) {
    return g.input("wide", ElementType.FLOAT, Shape.of(B, 1, 4));
  }

  /** {@code [sequence, 1]}, broadcast in front and at the end. */
  private static Value tall(GraphBuilder g) {
    return g.input("tall", ElementType.FLOAT, Shape.of(T, 1));
  }

  private void choice() {
    add("EQUAL", "of indices", g -> indices(g).equalTo(indices(g)).cast(ElementType.FLOAT));
    add(
        "EQUAL",
        "of rows",
        g -> {
          Value left = g.input("left", ElementType.INT, Shape.of(B, T));
          return left.equalTo(indices(g));
        });
    add("LESS", "of numbers", g -> x(g).lessThan(y(g)));
    add(
        "LESS",
        "of indices",
        g -> g.input("row", ElementType.INT, Shape.of(T)).lessThan(indices(g)));
    add("Where", "chosen by comparison", g -> x(g).lessThan(y(g)).where(x(g).mul(2), y(g)));
    add(
        "Where",
        "broadcast condition",
        g -> {
          Value bit = g.input("bit", ElementType.BOOL, Shape.of(B, 1, 1));
          return bit.where(x(g), tall(g));
        });
    add("Cast", "index to number", g -> indices(g).cast(ElementType.FLOAT).mul(0.5));
    add("Cast", "number to index", g -> x(g).mul(3).cast(ElementType.INT));
    add("Cast", "number to bit", g -> x(g).cast(ElementType.INT).cast(ElementType.BOOL));
    add("Cast", "to itself", g -> g.append(new Op.Cast(ElementType.FLOAT), x(g)).exp());
    // Of a step function, because differences see through it.
    add("StopGradient", "beside a gradient", g -> x(g).sign().stopGradient().mul(y(g)).add(x(g)));
  }

  private void movement() {
    add("Reshape", "merges symbols", g -> x(g).reshape(Shape.of(Dim.of(B).times(Dim.of(T)), 4)));
    add("Reshape", "splits heads", g -> x(g).reshape(Shape.of(B, T, 2, 2)).mul(2));
    add(
        "Reshape",
        "to factors of symbols",
        g -> x(g).reshape(Shape.of(B, Dim.of(T).times(Dim.of(4)))).exp());
    add(
        "Transpose",
        "heads in front",
        g -> x(g).reshape(Shape.of(B, T, 2, 2)).transpose(0, 2, 1, 3).mul(3));
    add("Transpose", "a cycle", g -> x(g).transpose(2, 0, 1).exp());
    add(
        "Broadcast",
        "in front and inside",
        g -> wide(g).broadcast(Shape.of(3, B, T, 4)).mul(tall(g)));
    add("Broadcast", "of a sum", g -> x(g).sum(1).exp().broadcast(Shape.of(B, T, 4)));
    add("Slice", "one entry of a symbol", g -> x(g).slice(1, 0).exp());
    add("Slice", "inside a number", g -> x(g).slice(-1, 1, Dim.of(2)).exp());
    add("Slice", "what was padded", g -> x(g).pad(0, 2, Dim.of(9)).exp().slice(0, 2, Dim.of(B)));
    add("Pad", "before and after", g -> x(g).exp().pad(2, 1, Dim.of(7)));
    add("Pad", "one entry to a symbol", g -> x(g).slice(1, 0).pad(1, 0, Dim.of(T)).exp());
    add(
        "Concat",
        "different extents",
        g -> g.concat(-1, List.of(x(g), y(g).slice(-1, 1, Dim.of(2)), x(g))).exp());
    add("Concat", "of rows", g -> g.concat(1, List.of(wide(g).exp(), wide(g), x(g).slice(1, 0))));
  }

  private void contraction() {
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      add("SUM", "along axis " + axis, g -> x(g).exp().sum(along).mul(x(g)));
      add("MAX", "along axis " + axis, g -> x(g).max(along).mul(y(g)));
    }
    for (boolean left : new boolean[] {false, true}) {
      for (boolean right : new boolean[] {false, true}) {
        add(
            "MatMul",
            "left %s, right %s".formatted(left, right),
            g -> {
              Value a =
                  g.input(
                      "a", ElementType.FLOAT, left ? Shape.of(B, 2, 3, T) : Shape.of(B, 2, T, 3));
              Value b =
                  g.input(
                      "b", ElementType.FLOAT, right ? Shape.of(B, 2, 5, 3) : Shape.of(B, 2, 3, 5));
              return a.matmul(b, left, right);
            });
      }
    }
    add(
        "MatMul",
        "of matrices",
        g -> p(g, "a", 2, 3).matmul(p(g, "b", 3, 4)).add(x(g).slice(1, 0).sum(0).squeeze(0)));
    add("MatMul", "with itself", g -> x(g).matmul(x(g), false, true));
    add("Linear", "with bias", g -> x(g).linear(p(g, "w", 3, 4), p(g, "b", 3)));
    add("Linear", "without bias", g -> x(g).linear(p(g, "w", 3, 4)).exp());
    add("Linear", "transposed", g -> x(g).linearTransposed(p(g, "w", 4, 3)));
    add(
        "Linear",
        "transposed with bias",
        g -> g.append(new Op.Linear(true), x(g), p(g, "w", 4, 3), p(g, "b", 3)));
    add(
        "Linear",
        "of a matrix, weight used twice",
        g -> {
          Value rows = x(g).sum(1).squeeze(1);
          return rows.linear(p(g, "w", 4, 4), p(g, "b", 4)).linear(p(g, "w", 4, 4));
        });
    add(
        "Linear",
        "rank 4",
        g -> x(g).reshape(Shape.of(B, T, 2, 2)).linear(p(g, "w", 3, 2), p(g, "b", 3)));
    add("Softmax", "rank 3", g -> x(g).softmax());
    add(
        "Softmax",
        "rank 4 over a symbol",
        g -> x(g).reshape(Shape.of(B, T, 2, 2)).transpose(0, 2, 3, 1).softmax());
    addBetween(-300, 300, "Softmax", "large arguments", g -> x(g).softmax());
    add("SUB", "log-softmax", g -> x(g).logSoftmax());
    addBetween(-300, 300, "SUB", "log-softmax of large arguments", g -> x(g).logSoftmax());
    add("LayerNorm", "rank 3", g -> x(g).layerNorm(p(g, "s", 4), p(g, "b", 4), 1e-12));
    add(
        "LayerNorm",
        "large epsilon, applied twice",
        g -> {
          Value once = x(g).layerNorm(p(g, "s", 4), p(g, "b", 4), 0.1);
          return once.layerNorm(p(g, "s", 4), p(g, "b", 4), 0.1);
        });
    addBetween(
        500,
        900,
        "LayerNorm",
        "far from zero",
        g -> x(g).layerNorm(p(g, "s", 4), p(g, "b", 4), 1e-5));
  }

  private void indexing() {
    add("Gather", "rows of a weight", g -> p(g, "table", 5, 3).gather(indices(g)).exp());
    add(
        "Gather",
        "entries of computed numbers",
        g -> {
          Value flat = g.input("table", ElementType.FLOAT, Shape.of(5, 2)).exp();
          return flat.gather(indices(g));
        });
    add("Gather", "of one column", g -> p(g, "table", 5).gather(indices(g)).exp());
    add("ScatterAdd", "rows with repeats", g -> x(g).exp().scatterAdd(indices(g), Dim.of(5)));
    add("ScatterAdd", "numbers", g -> x(g).sum(-1).squeeze(-1).scatterAdd(indices(g), Dim.of(6)));
  }
}
