package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/** What {@code BackendContract} does not ask of every engine. */
final class BindingsTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", 4));
  private final Value table = builder.parameter("table", Shape.of(3, 2));

  private Bindings bindings(Value output) {
    output.named("output");
    return Bindings.of(builder.build(), List.of("output"));
  }

  private static Map<String, Tensor> ids(long... values) {
    return Map.of("ids", Tensor.of(values, values.length / 4, 4));
  }

  private static void refuses(Bindings bindings, Map<String, Tensor> inputs, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bindings.check(inputs))
        .withMessage(message);
  }

  @Test
  void symbolsAreBoundByTheInputs() {
    builder.input("x", ElementType.FLOAT, Shape.of("sequence", "batch", 7));
    Bindings bindings =
        bindings(
            table
                .gather(ids)
                .sumAll()
                .add(
                    builder
                        .input("x", ElementType.FLOAT, Shape.of("sequence", "batch", 7))
                        .sumAll()));
    Map<String, Tensor> inputs = new LinkedHashMap<>(ids(0, 1, 2, 0, 0, 1, 2, 0));
    inputs.put("x", Tensor.filled(0, 5, 2, 7));

    assertThat(bindings.check(inputs))
        .containsOnly(Map.entry("batch", 2L), Map.entry("sequence", 5L));
    assertThat(bindings.inputs()).containsOnlyKeys("ids", "x");
  }

  @Test
  void indicesThatWereMovedAboutAreStillChecked() {
    Value moved =
        ids.slice(1, 1, Dim.of(2))
            .reshape(Shape.of(Dim.of("batch").times(Dim.of(2))))
            .broadcast(Shape.of(3, Dim.of("batch").times(Dim.of(2))))
            .transpose(1, 0);
    Bindings bindings = bindings(table.gather(moved));

    assertThatCode(() -> bindings.check(ids(0, 1, 2, 0))).doesNotThrowAnyException();
    refuses(bindings, ids(0, 1, 3, 0), "input 'ids' holds 3 at position 2; it must lie in [0, 3)");
    refuses(
        bindings,
        ids(0, 1, 2, 0, 0, -2, 0, 0),
        "input 'ids' holds -2 at position 5; it must lie in [0, 3)");
  }

  @Test
  void indicesOfAScatterAreChecked() {
    Value updates = builder.filled(1, Shape.of("batch", 4));
    Bindings bindings = bindings(updates.scatterAdd(ids, Dim.of("batch")));

    assertThatCode(() -> bindings.check(ids(0, 0, 0, 0))).doesNotThrowAnyException();
    refuses(bindings, ids(0, 0, 1, 0), "input 'ids' holds 1 at position 2; it must lie in [0, 1)");
  }

  @Test
  void theSmallestTableCounts() {
    Value small = builder.parameter("small", Shape.of(2, 2));
    Bindings bindings = bindings(table.gather(ids).add(small.gather(ids)));

    refuses(bindings, ids(0, 2, 0, 0), "input 'ids' holds 2 at position 1; it must lie in [0, 2)");
  }

  @Test
  void indicesThatNoLookupReadsAreFree() {
    Bindings bindings = bindings(ids.cast(ElementType.FLOAT));

    assertThat(bindings.check(ids(-1, 99, 0, 0))).containsOnly(Map.entry("batch", 1L));
  }

  @Test
  void aProductThatNobodyGivesTheFactorsOfIsRefused() {
    Value flat =
        builder.input(
            "flat", ElementType.FLOAT, Shape.of(Dim.of("batch").times(Dim.of("sequence"))));
    Bindings bindings = bindings(flat.exp());

    refuses(
        bindings,
        Map.of("flat", Tensor.filled(0, 6)),
        "no input gives the extent of 'batch'; known: []");
  }

  @Test
  void slicesOfASymbolAreCheckedWhenItIsBound() {
    Bindings bindings = bindings(ids.slice(0, 1, Dim.of(2)));

    refuses(bindings, ids(0, 0, 0, 0), "Slice [1, 1 + 2) lies outside axis 0 of [1, 4]");
    assertThatCode(() -> bindings.check(ids(new long[12]))).doesNotThrowAnyException();
  }

  @Test
  void allWeightsThatDoNotFitAreNamedAtOnce() {
    Value more = table.gather(ids).linear(builder.parameter("w", Shape.of(5, 2)));
    more.linear(builder.parameter("v", Shape.of(1, 5)), builder.parameter("b", Shape.of(1)))
        .named("output");
    Weights weights =
        Weights.of(
            Map.of(
                "table",
                Tensor.filled(0, 3, 2),
                "w",
                Tensor.filled(0, 2, 5),
                "b",
                Tensor.filled(0, 1)));
    List<Value> nodes = builder.build().nodes(List.of("output"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bindings.checkParameters(nodes, weights))
        .withMessage(
            "the weights do not fit the graph; 'w' must be [5, 2], got [2, 5]; 'v' [1, 5] is"
                + " missing");
  }

  @Test
  void parametersComeInTheOrderOfTheNodes() {
    table.gather(ids).linear(builder.parameter("w", Shape.of(5, 2))).named("output");
    Weights weights =
        Weights.of(Map.of("w", Tensor.filled(0, 5, 2), "table", Tensor.filled(0, 3, 2)));

    assertThat(Bindings.checkParameters(builder.build().nodes(List.of("output")), weights))
        .containsExactly("table", "w");
  }

  @Test
  void thePrecisionDecidesTheWidthOnTheHost() {
    assertThat(Bindings.hostType(ElementType.FLOAT, Precision.FLOAT32)).isEqualTo(DType.F32);
    assertThat(Bindings.hostType(ElementType.FLOAT, Precision.FLOAT64)).isEqualTo(DType.F64);
    assertThat(Bindings.hostType(ElementType.INT, Precision.FLOAT32)).isEqualTo(DType.I64);
    assertThat(Bindings.hostType(ElementType.BOOL, Precision.FLOAT64)).isEqualTo(DType.BOOL);
  }
}
