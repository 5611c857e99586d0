package org.bertology.api.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.contract.OpCase;
import org.bertology.api.contract.OpCases;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NarrowingTest {
  /** Sums of a few terms in double, taken in another order. */
  private static final double ROUNDING = 1e-12;

  private static final Map<String, Long> EXTENTS = Map.of("batch", 2L, "sequence", 3L);

  // --- every operation

  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  /** One entry of each axis, alone and cut again on each other axis, in both orders. */
  private static Map<String, Value> slicesOf(Value result) {
    Map<String, Value> slices = new LinkedHashMap<>();
    int rank = result.shape().rank();
    for (int axis = 0; axis < rank; axis++) {
      Value slice = result.slice(axis, 0);
      slices.put("axis " + axis, slice);
      for (int other = 0; other < rank; other++) {
        slices.put("axes %d and %d".formatted(axis, other), slice.slice(other, 0));
      }
      if (!result.dim(axis).isLiteral()) {
        slices.put("the second of axis " + axis, result.slice(axis, 1));
      }
      if (result.dim(axis).isLiteral() && result.dim(axis).factor() > 2) {
        Value inner = result.slice(axis, 1, Dim.of(2));
        slices.put("inside axis " + axis, inner);
        slices.put("the second inside axis " + axis, inner.slice(axis, 1));
      }
    }
    return slices;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void slicingBeforeAnOperationEqualsSlicingAfterIt(OpCase c) {
    Graph graph = c.graph();
    Map<String, Tensor> inputs = c.inputs(graph, EXTENTS);
    Weights weights = c.weights(graph);
    slicesOf(graph.value(OpCase.RESULT))
        .forEach(
            (name, slice) -> {
              Graph full = graph.with("slice", slice);
              Graph narrowed = Narrowing.of(full, List.of("slice"));

              assertThat(narrowed.value("slice").type()).isEqualTo(slice.type());
              assertClose(
                  c + ", " + name,
                  run(narrowed, "slice", weights, inputs),
                  run(full, "slice", weights, inputs),
                  ROUNDING);
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsOfANarrowedGraphEqualThoseOfTheFullOne(OpCase c) {
    Graph graph = c.graph();
    Map<String, Tensor> inputs = c.inputs(graph, EXTENTS);
    Weights weights = c.weights(graph);
    List<Value> leaves =
        graph.nodes(List.of(OpCase.RESULT)).stream()
            .filter(node -> node.op() instanceof Op.Input || node.op() instanceof Op.Parameter)
            .filter(node -> node.type().isFloat())
            .toList();
    Value result = graph.value(OpCase.RESULT);
    if (!result.type().isFloat() || leaves.isEmpty()) {
      return;
    }
    slicesOf(result)
        .forEach(
            (name, slice) -> {
              // The square, so that the gradient depends on the entry.
              Graph full = graph.with("loss", slice.square());
              List<Value> expected = Gradients.of(full.value("loss").sumAll(), leaves);
              List<String> names = leaves.stream().map(NarrowingTest::leafName).toList();
              Graph narrowed = Gradients.differentiate(full, "loss", names);
              for (int i = 0; i < names.size(); i++) {
                String gradient = Gradients.nameOf(names.get(i));
                assertClose(
                    c + ", " + name + ", " + gradient,
                    run(narrowed, gradient, weights, inputs),
                    run(graph.with("expected", expected.get(i)), "expected", weights, inputs),
                    ROUNDING);
              }
            });
  }

  private static String leafName(Value leaf) {
    return leaf.op() instanceof Op.Input input ? input.name() : ((Op.Parameter) leaf.op()).name();
  }

  private static Tensor run(
      Graph graph, String output, Weights weights, Map<String, Tensor> inputs) {
    try (ReferenceBackend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, weights, List.of(output))) {
      Map<String, Tensor> needed = new HashMap<>(inputs);
      needed.keySet().retainAll(compiled.inputs().keySet());
      Tensor result = compiled.run(needed).get(output);
      assertThat(result).as(output).isNotNull();
      return result;
    }
  }

  /** What moves up and what does not, for a slice of the first entry along one axis. */
  @Test
  void slicesMoveUpAsFarAsOperationsAreIndependent() {
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 4));
    Value w = g.parameter("w", Shape.of(3, 4));
    Value ids = g.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    Value y = x.exp();

    assertNarrowed(y.linear(w).slice(1, 0), x.slice(1, 0).exp().linear(w));
    assertNarrowed(y.linear(w).slice(2, 0), y.linear(w).slice(2, 0));
    assertNarrowed(y.softmax().slice(0, 0), x.slice(0, 0).exp().softmax());
    assertNarrowed(y.softmax().slice(2, 0), y.softmax().slice(2, 0));
    assertNarrowed(y.sum(2).slice(1, 0), x.slice(1, 0).exp().sum(2));
    assertNarrowed(y.transpose(1, 2, 0).slice(0, 0), x.slice(1, 0).exp().transpose(1, 2, 0));
    assertNarrowed(
        y.reshape(Shape.of("batch", "sequence", 2, 2)).slice(1, 0),
        x.slice(1, 0).exp().reshape(Shape.of("batch", 1, 2, 2)));
    assertNarrowed(
        y.matmul(x.tanh(), false, true).slice(1, 0),
        x.slice(1, 0).exp().matmul(x.tanh(), false, true));
    assertNarrowed(
        y.matmul(x.tanh(), false, true).slice(2, 0), y.matmul(x.slice(1, 0).tanh(), false, true));
    assertNarrowed(w.gather(ids).slice(1, 0), w.gather(ids.slice(1, 0)));
    assertNarrowed(
        x.add(g.parameter("v", Shape.of(4))).slice(1, 0),
        x.slice(1, 0).add(g.parameter("v", Shape.of(4)).broadcast(Shape.of("batch", 1, 4))));
    assertNarrowed(
        g.concat(2, List.of(y, x)).slice(1, 0),
        g.concat(2, List.of(x.slice(1, 0).exp(), x.slice(1, 0))));
    assertNarrowed(y.pad(2, 1, Dim.of(9)).slice(1, 0), x.slice(1, 0).exp().pad(2, 1, Dim.of(9)));
    assertNarrowed(y.slice(2, 1, Dim.of(3)).slice(2, 1, Dim.of(2)), x.slice(2, 2, Dim.of(2)).exp());
  }

  private static void assertNarrowed(Value sliced, Value expected) {
    Graph graph = sliced.graph().build().with("output", sliced);

    assertThat(Narrowing.of(graph, List.of("output")).value("output")).isSameAs(expected);
  }

  // --- how values are shared

  private final GraphBuilder g = new GraphBuilder();
  private final Value x = g.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 4));
  private final Value hidden = x.exp().named("hidden");
  private final Value last = hidden.tanh().named("last");
  private final Value first = last.slice(1, 0).named("first");

  @Test
  void nothingChangesWhereNothingIsSliced() {
    Graph graph = g.build();

    assertThat(Narrowing.of(graph, List.of("last", "hidden")).names()).isEqualTo(graph.names());
    assertThat(Narrowing.of(graph, List.of("first", "last")).names()).isEqualTo(graph.names());
  }

  @Test
  void narrowingTwiceChangesNothingMore() {
    Graph once = Narrowing.of(g.build(), List.of("first"));

    assertThat(Narrowing.of(once, List.of("first")).names()).isEqualTo(once.names());
    assertThat(once.value("first")).isSameAs(x.slice(1, 0).exp().tanh());
  }

  @Test
  void namesThatAreNotAskedForKeepTheirFullValues() {
    Graph narrowed = Narrowing.of(g.build(), List.of("first"));

    assertThat(narrowed.names().keySet()).containsExactly("hidden", "last", "first");
    assertThat(narrowed.value("hidden")).isSameAs(hidden);
    assertThat(narrowed.value("last")).isSameAs(last);
  }

  @Test
  void anOutputThatIsAskedForStaysInFullAndIsUsed() {
    Graph narrowed = Narrowing.of(g.build(), List.of("first", "hidden"));

    assertThat(narrowed.value("hidden")).isSameAs(hidden);
    assertThat(narrowed.value("first")).isSameAs(hidden.slice(1, 0).tanh());
  }

  @Test
  void aKeptHookStaysInFullOnTheWay() {
    assertThat(Narrowing.of(g.build(), List.of("first"), List.of("hidden")).value("first"))
        .isSameAs(hidden.slice(1, 0).tanh());
    assertThat(Narrowing.of(g.build(), List.of("first"), List.of("last")).value("first"))
        .isSameAs(first);
  }

  @Test
  void aKeptHookBehindTheSliceIsAsNarrowAsItIs() {
    Value pooled = first.mul(2).named("pooled");
    Value score = pooled.sum(2).named("score");

    Graph narrowed = Narrowing.of(g.build(), List.of("score"), List.of("pooled"));

    assertThat(narrowed.value("pooled").shape()).isEqualTo(pooled.shape());
    assertThat(narrowed.value("score")).isSameAs(x.slice(1, 0).exp().tanh().mul(2).sum(2));
    assertThat(narrowed.value("score").shape()).isEqualTo(score.shape());
  }

  @Test
  void twoSlicesOfOneValueShareIt() {
    last.slice(1, 1).named("second");
    first.add(last.slice(1, 1)).named("both");

    Graph narrowed = Narrowing.of(g.build(), List.of("both"));

    assertThat(narrowed.value("both")).isSameAs(first.add(last.slice(1, 1)));
  }

  @Test
  void aSliceAndAFullUseShareTheValue() {
    first.add(last.sum(1)).named("both");
    Graph graph = g.build();

    assertThat(Narrowing.of(graph, List.of("both")).value("both")).isSameAs(graph.value("both"));
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Narrowing.of(g.build(), List.of("frist")))
        .withMessage("no value is named 'frist'; did you mean 'first'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Narrowing.of(g.build(), List.of("first"), List.of("hiden")))
        .withMessage("no value is named 'hiden'; did you mean 'hidden'?");
  }

  // --- a classifier that reads the first row alone

  /** Two layers, B batch, T sequence, two heads of two, width 4, feed-forward width 7. */
  private static Graph classifier() {
    GraphBuilder g = new GraphBuilder();
    Value ids = g.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    Value mask = g.input("mask", ElementType.FLOAT, Shape.of("batch", 1, 1, "sequence"));
    Value x = g.parameter("embeddings", Shape.of(5, 4)).gather(ids);
    x = layer(g, "0", x, mask);
    x = layer(g, "1", x, mask);
    Value pooled = x.slice(1, 0).squeeze(1).named("pooled");
    dense(g, "classifier", pooled, 4, 2).named("logits");
    return g.build();
  }

  private static Value layer(GraphBuilder g, String name, Value x, Value mask) {
    Value query = heads(dense(g, name + ".query", x, 4, 4).named(name + ".query"));
    Value key = heads(dense(g, name + ".key", x, 4, 4).named(name + ".key"));
    Value value = heads(dense(g, name + ".value", x, 4, 4).named(name + ".value"));
    Value scores = query.matmul(key, false, true).mul(0.5).add(mask);
    Value probabilities = scores.softmax().named(name + ".probabilities");
    Value headMask = g.input(name + ".head-mask", ElementType.FLOAT, Shape.of("batch", 2, 1, 1));
    Value context = probabilities.matmul(value).mul(headMask).named(name + ".context");
    Value merged = context.transpose(0, 2, 1, 3).reshape(Shape.of("batch", "sequence", 4));
    Value attended = norm(g, name + ".norm1", x.add(dense(g, name + ".output", merged, 4, 4)));
    Value inner = dense(g, name + ".inner", attended, 4, 7).gelu().named(name + ".inner");
    Value outer = dense(g, name + ".outer", inner, 7, 4);
    return norm(g, name + ".norm2", attended.add(outer)).named(name);
  }

  private static Value dense(GraphBuilder g, String name, Value x, int in, int out) {
    return x.linear(
        g.parameter(name + ".weight", Shape.of(out, in)),
        g.parameter(name + ".bias", Shape.of(out)));
  }

  private static Value norm(GraphBuilder g, String name, Value x) {
    return x.layerNorm(
        g.parameter(name + ".scale", Shape.of(4)), g.parameter(name + ".bias", Shape.of(4)), 1e-5);
  }

  private static Value heads(Value x) {
    return x.reshape(Shape.of("batch", "sequence", 2, 2)).transpose(0, 2, 1, 3);
  }

  private static final Map<String, Tensor> CLASSIFIER_INPUTS =
      Map.of(
          "ids", Tensor.of(new long[] {0, 3, 1, 4, 2, 2}, 2, 3),
          "mask", Tensor.of(new float[] {0, 0, 0, 0, 0, -10000}, 2, 1, 1, 3),
          "0.head-mask", Tensor.of(new float[] {1, 0.5f, 1, 1}, 2, 2, 1, 1),
          "1.head-mask", Tensor.of(new float[] {1, 1, 0.25f, 1}, 2, 2, 1, 1));

  private static Weights weightsOf(Graph graph) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Value node : graph.nodes(List.of("logits"))) {
      if (node.op() instanceof Op.Parameter parameter) {
        long[] shape = parameter.shape().bind(Map.of());
        double[] values = new double[(int) parameter.shape().size().bind(Map.of())];
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.sin(node.id() + 1.7 * i);
        }
        weights.put(parameter.name(), Tensor.of(values, shape));
      }
    }
    return Weights.of(weights);
  }

  /** The shapes of all results that a weight of this name multiplies into. */
  private static List<Shape> productsWith(Graph graph, Collection<String> outputs, String weight) {
    List<Shape> shapes = new ArrayList<>();
    for (Value node : graph.nodes(outputs)) {
      if (node.op() instanceof Op.Linear
          && node.operand(1).op() instanceof Op.Parameter parameter
          && parameter.name().equals(weight + ".weight")) {
        shapes.add(node.shape());
      }
    }
    return shapes;
  }

  private static void assertRows(Graph graph, String output, String weight, Shape... expected) {
    assertThat(productsWith(graph, List.of(output), weight)).as(weight).containsExactly(expected);
  }

  private static final Shape ONE_ROW = Shape.of("batch", 1, 4);
  private static final Shape ALL_ROWS = Shape.of("batch", "sequence", 4);

  @Test
  void theLastLayerOfAClassifierIsComputedForOneRow() {
    Graph full = classifier();

    Graph narrowed = Narrowing.of(full, List.of("logits"));

    assertRows(narrowed, "logits", "1.query", ONE_ROW);
    assertRows(narrowed, "logits", "1.key", ALL_ROWS);
    assertRows(narrowed, "logits", "1.value", ALL_ROWS);
    assertRows(narrowed, "logits", "1.output", ONE_ROW);
    assertRows(narrowed, "logits", "1.inner", Shape.of("batch", 1, 7));
    assertRows(narrowed, "logits", "1.outer", ONE_ROW);
    for (String weight : List.of("query", "key", "value", "output", "outer")) {
      assertRows(narrowed, "logits", "0." + weight, ALL_ROWS);
    }
    assertThat(shapes(narrowed, "logits", Op.Softmax.class))
        .containsExactly(
            Shape.of("batch", 2, "sequence", "sequence"), Shape.of("batch", 2, 1, "sequence"));
    assertClose(
        "logits",
        run(narrowed, "logits", weightsOf(full), CLASSIFIER_INPUTS),
        run(full, "logits", weightsOf(full), CLASSIFIER_INPUTS),
        ROUNDING);
  }

  private static List<Shape> shapes(Graph graph, String output, Class<? extends Op> op) {
    return graph.nodes(List.of(output)).stream()
        .filter(node -> op.isInstance(node.op()))
        .map(Value::shape)
        .toList();
  }

  @Test
  void soIsItsBackwardPass() {
    Graph full = classifier();
    List<String> masks = List.of("0.head-mask", "1.head-mask");

    Graph narrowed = Gradients.differentiate(full, "logits", masks);

    // A product with a weight forward, and one with its transpose backward where a gradient passes.
    String gradient = Gradients.nameOf("0.head-mask");
    assertRows(narrowed, gradient, "1.query", ONE_ROW, ONE_ROW);
    assertRows(narrowed, gradient, "1.key", ALL_ROWS, ALL_ROWS);
    assertRows(narrowed, gradient, "1.output", ONE_ROW, ONE_ROW);
    assertRows(narrowed, gradient, "1.inner", Shape.of("batch", 1, 7), ONE_ROW);
    assertRows(narrowed, gradient, "1.outer", ONE_ROW, Shape.of("batch", 1, 7));
    assertSameGradients(full, narrowed, masks);
  }

  @Test
  void anAskedForHookKeepsItsFullShape() {
    Graph full = classifier();
    for (String hook : List.of("1.probabilities", "1.context", "1.query", "1")) {
      Graph narrowed = Narrowing.of(full, List.of("logits", hook));

      assertThat(narrowed.value(hook).shape()).isEqualTo(full.value(hook).shape());
      assertClose(
          hook,
          run(narrowed, hook, weightsOf(full), CLASSIFIER_INPUTS),
          run(full, hook, weightsOf(full), CLASSIFIER_INPUTS),
          ROUNDING);
    }
    Graph narrowed = Narrowing.of(full, List.of("logits", "1.probabilities"));
    assertRows(narrowed, "logits", "1.query", ALL_ROWS);
    assertRows(narrowed, "logits", "1.output", ONE_ROW);
  }

  @Test
  void aDifferentiatedHookKeepsItsFullShapeAndItsGradientIsRight() {
    Graph full = classifier();
    List<String> hooks =
        List.of("0", "0.context", "1.probabilities", "1.context", "1.inner", "1", "pooled");
    for (String hook : hooks) {
      Graph narrowed = Gradients.differentiate(full, "logits", List.of(hook));

      assertThat(narrowed.value(Gradients.nameOf(hook)).shape())
          .isEqualTo(full.value(hook).shape());
      assertSameGradients(full, narrowed, List.of(hook));
    }
    assertSameGradients(full, Gradients.differentiate(full, "logits", hooks), hooks);
  }

  private static void assertSameGradients(Graph full, Graph narrowed, List<String> names) {
    List<Value> targets = names.stream().map(name -> hookOrInput(full, name)).toList();
    List<Value> expected = Gradients.of(full.value("logits").sumAll(), targets);
    for (int i = 0; i < names.size(); i++) {
      String gradient = Gradients.nameOf(names.get(i));
      assertClose(
          gradient,
          run(narrowed, gradient, weightsOf(full), CLASSIFIER_INPUTS),
          run(
              full.with("expected", expected.get(i)),
              "expected",
              weightsOf(full),
              CLASSIFIER_INPUTS),
          ROUNDING);
    }
  }

  private static Value hookOrInput(Graph graph, String name) {
    return graph.names().containsKey(name)
        ? graph.value(name)
        : graph.nodes(List.of("logits")).stream()
            .filter(node -> node.op() instanceof Op.Input input && input.name().equals(name))
            .findFirst()
            .orElseThrow();
  }
}
