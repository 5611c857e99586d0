package org.bertology.api.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/** Small results that were worked out by hand, so that the specification itself is tested. */
final class InterpreterTest {
  private static final double ROUNDING = 1e-15;

  private final GraphBuilder g = new GraphBuilder();
  private final Map<String, Tensor> inputs = new HashMap<>();

  private Value floats(String name, long[] shape, double... values) {
    inputs.put(name, Tensor.of(values, shape));
    return g.input(name, ElementType.FLOAT, literal(shape));
  }

  private Value ints(String name, long[] shape, long... values) {
    inputs.put(name, Tensor.of(values, shape));
    return g.input(name, ElementType.INT, literal(shape));
  }

  private Value bits(String name, long[] shape, boolean... values) {
    inputs.put(name, Tensor.of(values, shape));
    return g.input(name, ElementType.BOOL, literal(shape));
  }

  private static Shape literal(long... shape) {
    return new Shape(Arrays.stream(shape).mapToObj(Dim::of).toList());
  }

  private static long[] shape(long... extents) {
    return extents;
  }

  private Tensor run(Value value) {
    value.named("result");
    try (ReferenceBackend backend = new ReferenceBackend();
        CompiledGraph graph = backend.compile(g.build(), Weights.of(Map.of()), List.of("result"))) {
      Map<String, Tensor> needed = new HashMap<>(inputs);
      needed.keySet().retainAll(graph.inputs().keySet());
      Tensor result = graph.run(needed).get("result");
      assertThat(result).isNotNull();
      return result;
    }
  }

  private void assertResult(Value value, long[] shape, double... expected) {
    Tensor result = run(value);
    assertThat(result.shape()).isEqualTo(shape);
    assertThat(result.toDoubles()).containsExactly(expected, withinRounding());
  }

  private static Offset<Double> withinRounding() {
    return within(ROUNDING);
  }

  private Value matrix() {
    return floats("matrix", shape(2, 3), 1, 2, 3, 4, 5, 6);
  }

  @Test
  void unaryOperations() {
    Map<Op.UnaryKind, double[]> expected =
        Map.of(
            Op.UnaryKind.NEG, new double[] {-1, -4},
            Op.UnaryKind.ABS, new double[] {1, 4},
            Op.UnaryKind.SIGN, new double[] {1, 1},
            Op.UnaryKind.EXP, new double[] {2.718281828459045, 54.598150033144236},
            Op.UnaryKind.LOG, new double[] {0, 1.3862943611198906},
            Op.UnaryKind.SQRT, new double[] {1, 2},
            Op.UnaryKind.TANH, new double[] {0.7615941559557649, 0.999329299739067},
            Op.UnaryKind.ERF, new double[] {0.8427007929497149, 0.9999999845827421});
    for (Map.Entry<Op.UnaryKind, double[]> entry : expected.entrySet()) {
      InterpreterTest fresh = new InterpreterTest();
      Value y = fresh.g.append(new Op.Unary(entry.getKey()), fresh.floats("x", shape(2), 1, 4));
      Tensor result = fresh.run(y);

      assertThat(result.toDoubles())
          .as(entry.getKey().name())
          .containsExactly(entry.getValue(), within(1e-14));
    }
  }

  @Test
  void signAndMagnitudeOfNegativeNumbersAndZero() {
    Value x = floats("x", shape(3), -3, 0, 2);

    assertResult(g.concat(0, List.of(x.sign(), x.abs())), shape(6), -1, 0, 1, 3, 0, 2);
  }

  @Test
  void geluIsTheInputTimesItsNormalProbability() {
    // Φ(1) = 0.8413447460685429, Φ(2) = 0.9772498680518208.
    assertResult(
        floats("x", shape(4), 0, 1, -1, 2).gelu(),
        shape(4),
        0,
        0.8413447460685429,
        -0.15865525393145707,
        1.9544997361036416);
  }

  @Test
  void binaryOperations() {
    Value a = floats("a", shape(3), 6, -1, 2);
    Value b = floats("b", shape(3), 3, 4, 2);
    Function<Op.BinaryKind, Value> apply = kind -> a.binary(kind, b);

    Value all = g.concat(0, Arrays.stream(Op.BinaryKind.values()).map(apply).toList());

    assertThat(Op.BinaryKind.values())
        .extracting(Enum::name)
        .containsExactly("ADD", "SUB", "MUL", "DIV", "MAXIMUM", "MINIMUM");
    assertResult(all, shape(18), 9, 3, 4, 3, -5, 0, 18, -4, 4, 2, -0.25, 1, 6, 4, 2, 3, -1, 2);
  }

  @Test
  void comparisonsAndChoices() {
    Value a = floats("a", shape(3), 1, 2, 3);
    Value b = floats("b", shape(3), 3, 2, 1);
    Value numbers = a.lessThan(b).where(a.mul(10), b.mul(100));

    assertResult(numbers, shape(3), 10, 200, 100);
  }

  @Test
  void equalIndices() {
    Value equal = ints("a", shape(3), 1, 2, 3).equalTo(ints("b", shape(3), 3, 2, 1));

    assertThat(run(equal).toLongs()).containsExactly(0, 1, 0);
  }

  @Test
  void castsTruncateTowardsZero() {
    Value x = floats("x", shape(4), 1.9, -1.9, 0.2, 0);

    assertThat(run(x.cast(ElementType.INT)).toLongs()).containsExactly(1, -1, 0, 0);
    InterpreterTest bits = new InterpreterTest();
    Value y = bits.floats("y", shape(3), 0.2, -1, 0).cast(ElementType.BOOL);
    assertThat(bits.run(y).toLongs()).containsExactly(1, 1, 0);
    InterpreterTest floats = new InterpreterTest();
    Value z = floats.bits("z", shape(2), true, false).cast(ElementType.FLOAT);
    floats.assertResult(z, shape(2), 1, 0);
  }

  @Test
  void reshapeKeepsTheRowMajorOrder() {
    assertResult(matrix().reshape(Shape.of(3, 2)), shape(3, 2), 1, 2, 3, 4, 5, 6);
  }

  @Test
  void transposeExchangesRowsAndColumns() {
    assertResult(matrix().swapLast(), shape(3, 2), 1, 4, 2, 5, 3, 6);
  }

  @Test
  void aCycleOfAxes() {
    Value x = floats("x", shape(2, 1, 3), 1, 2, 3, 4, 5, 6);

    // Axis 0 of the result is axis 2 of x, axis 1 is axis 0.
    assertResult(x.transpose(2, 0, 1), shape(3, 2, 1), 1, 4, 2, 5, 3, 6);
  }

  @Test
  void broadcastRepeatsInFrontAndInside() {
    Value x = floats("x", shape(2, 1), 1, 2);

    assertResult(
        x.broadcast(Shape.of(2, 2, 3)), shape(2, 2, 3), 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
  }

  @Test
  void slicePadAndConcatAlongAnInnerAxis() {
    Value x = matrix();
    Value middle = x.slice(1, 1, Dim.of(2));
    Value padded = middle.pad(1, 1, Dim.of(4));

    assertResult(
        g.concat(1, List.of(padded, x.slice(1, 0))), shape(2, 5), 0, 2, 3, 0, 1, 0, 5, 6, 0, 4);
  }

  @Test
  void slicePadAndConcatAlongTheFirstAxis() {
    Value x = matrix();
    Value padded = x.slice(0, 1).pad(0, 1, Dim.of(3));

    assertResult(
        g.concat(0, List.of(padded, x)), shape(5, 3), 0, 0, 0, 4, 5, 6, 0, 0, 0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void reductionsKeepTheirAxis() {
    Value x = floats("x", shape(2, 2, 2), 1, -2, 3, 4, -5, -6, -7, -8);

    assertResult(x.sum(1), shape(2, 1, 2), 4, 2, -12, -14);
    InterpreterTest max = new InterpreterTest();
    Value y = max.floats("x", shape(2, 2, 2), 1, -2, 3, 4, -5, -6, -7, -8);
    max.assertResult(y.max(2), shape(2, 2, 1), 1, 4, -5, -7);
    InterpreterTest mean = new InterpreterTest();
    mean.assertResult(mean.matrix().mean(0), shape(1, 3), 2.5, 3.5, 4.5);
    InterpreterTest all = new InterpreterTest();
    all.assertResult(all.matrix().sumAll(), shape(), 21);
  }

  @Test
  void matricesMultiplyInAllFourTranspositions() {
    // [[1, 2, 3], [4, 5, 6]] times [[1, 0], [2, 1], [0, 3]] is [[5, 11], [14, 23]].
    for (boolean left : new boolean[] {false, true}) {
      for (boolean right : new boolean[] {false, true}) {
        InterpreterTest test = new InterpreterTest();
        Value a =
            left
                ? test.floats("a", shape(3, 2), 1, 4, 2, 5, 3, 6)
                : test.floats("a", shape(2, 3), 1, 2, 3, 4, 5, 6);
        Value b =
            right
                ? test.floats("b", shape(2, 3), 1, 2, 0, 0, 1, 3)
                : test.floats("b", shape(3, 2), 1, 0, 2, 1, 0, 3);

        test.assertResult(a.matmul(b, left, right), shape(2, 2), 5, 11, 14, 23);
      }
    }
  }

  @Test
  void batchesOfMatricesMultiplyOneByOne() {
    Value a = floats("a", shape(2, 1, 2), 1, 2, 3, 4);
    Value b = floats("b", shape(2, 2, 1), 5, 6, 7, 8);

    assertResult(a.matmul(b), shape(2, 1, 1), 17, 53);
  }

  @Test
  void linearMultipliesByTheTransposedWeight() {
    Value x = floats("x", shape(2, 1, 2), 1, 2, 3, 4);
    Value weight = floats("w", shape(3, 2), 1, 0, 0, 1, 1, 1);
    Value bias = floats("b", shape(3), 10, 20, 30);

    assertResult(x.linear(weight, bias), shape(2, 1, 3), 11, 22, 33, 13, 24, 37);
    InterpreterTest transposed = new InterpreterTest();
    Value y =
        transposed
            .floats("x", shape(1, 2), 1, 2)
            .linearTransposed(transposed.floats("w", shape(2, 3), 1, 0, 1, 0, 1, 1));
    transposed.assertResult(y, shape(1, 3), 1, 2, 3);
  }

  @Test
  void softmaxOfLogarithmsIsTheirShare() {
    double base = Math.log(2);
    Value x = floats("x", shape(2, 2), 0, Math.log(3), 1000 + base, 1000);

    assertThat(run(x.softmax()).toDoubles())
        .containsExactly(new double[] {0.25, 0.75, 2.0 / 3, 1.0 / 3}, within(1e-13));
  }

  @Test
  void softmaxGivesNothingToMinusInfinity() {
    Value x = floats("x", shape(1, 3), Double.NEGATIVE_INFINITY, 5, 5);

    assertResult(x.softmax(), shape(1, 3), 0, 0.5, 0.5);
  }

  @Test
  void layerNormDividesByTheDeviationOfThePopulation() {
    // Mean 2, variance (1 + 1) / 2 = 1, plus epsilon 3: the deviation is 2.
    Value x = floats("x", shape(1, 2), 1, 3);
    Value scale = floats("s", shape(2), 10, 100);
    Value bias = floats("b", shape(2), 0.25, 0.5);

    assertResult(x.layerNorm(scale, bias, 3), shape(1, 2), -4.75, 50.5);
  }

  @Test
  void gatherReadsRows() {
    Value table = floats("t", shape(3, 2), 1, 2, 3, 4, 5, 6);
    Value ids = ints("i", shape(2, 2), 2, 0, 2, 1);

    assertResult(table.gather(ids), shape(2, 2, 2), 5, 6, 1, 2, 5, 6, 3, 4);
  }

  @Test
  void scatterAddsRowsThatMeet() {
    Value updates = floats("u", shape(3, 2), 1, 2, 3, 4, 5, 6);
    Value ids = ints("i", shape(3), 2, 0, 2);

    assertResult(updates.scatterAdd(ids, Dim.of(4)), shape(4, 2), 3, 4, 0, 0, 6, 8, 0, 0);
  }

  @Test
  void aComputedIndexOutsideTheTableIsRefused() {
    Value table = floats("t", shape(3, 1), 1, 2, 3);
    Value ids = floats("x", shape(1), 7).cast(ElementType.INT);

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> run(table.gather(ids)))
        .withMessage("reference could not run the graph at 'result': index 7 must lie in [0, 3)");
  }

  @Test
  void compositesFollowTheirFormulas() {
    Value x = floats("x", shape(1, 2), 0, Math.log(3));

    assertThat(run(x.logSoftmax()).toDoubles())
        .containsExactly(new double[] {Math.log(0.25), Math.log(0.75)}, within(1e-15));
    InterpreterTest tanh = new InterpreterTest();
    // 0.5 · (1 + tanh(√(2/π) · 1.044715)), Hendrycks and Gimpel (2016).
    tanh.assertResult(tanh.floats("x", shape(2), 1, 0).geluTanh(), shape(2), 0.8411919906082768, 0);
    InterpreterTest relu = new InterpreterTest();
    relu.assertResult(relu.floats("x", shape(2), -1, 2).relu(), shape(2), 0, 2);
  }
}
