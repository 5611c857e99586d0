package org.bertology.api.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.CompiledGraph;
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

final class GradientsTest {
  /** Sums of a few terms in double, taken in another order. */
  private static final double ROUNDING = 1e-13;

  /** Central differences of step 1e-4 are off by their square times the next derivatives. */
  private static final double DIFFERENCES = 1e-6;

  private static final Weights WEIGHTS =
      Weights.of(
          Map.of(
              "w", Tensor.of(new double[] {0.5, -1, 0.25, 2, 1, -0.75}, 3, 2),
              "b", Tensor.of(new double[] {0.125, -0.5, 1}, 3),
              "v", Tensor.of(new double[] {1, -2, 0.5}, 1, 3)));

  private static final Map<String, Tensor> INPUTS =
      Map.of(
          "x", Tensor.of(new double[] {0.5, -1, 2, 0.75}, 2, 2),
          "mask", Tensor.of(new double[] {1, 0.5, 0, 1, 1, 0.25}, 2, 3),
          "zero", Tensor.of(new double[6], 2, 3));

  private final GraphBuilder g = new GraphBuilder();
  private final Value x = g.input("x", ElementType.FLOAT, Shape.of("batch", 2));
  private final Value mask = g.input("mask", ElementType.FLOAT, Shape.of("batch", 3));
  private final Value weight = g.parameter("w", Shape.of(3, 2));
  private final Value bias = g.parameter("b", Shape.of(3));

  /** {@code tanh((x·Wᵀ + b) · mask)·Vᵀ}, one number for each row. */
  private Graph model() {
    Value hidden = x.linear(weight, bias).named("hidden");
    Value masked = hidden.mul(mask).named("masked");
    masked.tanh().linear(g.parameter("v", Shape.of(1, 3))).square().named("loss");
    return g.build();
  }

  private static Tensor run(Graph graph, String output) {
    return run(graph, output, INPUTS);
  }

  private static Tensor run(Graph graph, String output, Map<String, Tensor> inputs) {
    try (ReferenceBackend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, WEIGHTS, List.of(output))) {
      Map<String, Tensor> needed = new HashMap<>(inputs);
      needed.keySet().retainAll(compiled.inputs().keySet());
      Tensor result = compiled.run(needed).get(output);
      assertThat(result).as(output).isNotNull();
      return result;
    }
  }

  @Test
  void theGradientOfAHookIsThatOfAZeroAddedToIt() {
    Graph graph = model();
    Value zero = g.input("zero", ElementType.FLOAT, Shape.of("batch", 3));
    Graph shifted = graph.replace("hidden", value -> value.add(zero));

    Tensor ofHook =
        run(Gradients.differentiate(graph, "loss", List.of("hidden")), "hidden.gradient");
    Tensor ofZero = run(Gradients.differentiate(shifted, "loss", List.of("zero")), "zero.gradient");

    assertThat(ofHook.toDoubles()[0]).isNotZero();
    assertClose("hook and zero", ofHook, ofZero, ROUNDING);
  }

  @Test
  void aKnownDerivativeIsExact() {
    // d/dw Σ (w·3)² = 18·w
    g.parameter("w", Shape.of(3, 2)).mul(3).square().named("loss");

    Tensor gradient = run(Gradients.differentiate(g.build(), "loss", List.of("w")), "w.gradient");

    assertThat(gradient.toDoubles()).containsExactly(9, -18, 4.5, 36, 18, -13.5);
  }

  @Test
  void aLossOfHigherRankIsSummed() {
    Graph graph = model();
    Graph summed = graph.with("sum", graph.value("loss").sumAll());
    List<String> names = List.of("mask", "w", "b");

    Graph ofLoss = Gradients.differentiate(graph, "loss", names);
    Graph ofSum = Gradients.differentiate(summed, "sum", names);

    for (String name : names) {
      assertThat(ofLoss.value(Gradients.nameOf(name)))
          .isSameAs(ofSum.value(Gradients.nameOf(name)));
    }
  }

  @Test
  void hooksInputsAndParametersAreFoundByNameAndHooksFirst() {
    g.name("x", x.exp());
    Graph graph = model().with("loss2", x.exp().linear(weight));

    Graph differentiated = Gradients.differentiate(graph, "loss2", List.of("x", "w"));

    // Of exp(x), which is the hook: the sums of the weight's columns, without the factor exp(x).
    assertThat(run(differentiated, "x.gradient").toDoubles())
        .containsExactly(1.75, 0.25, 1.75, 0.25);
    assertThat(differentiated.value("w.gradient").shape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void gradientsAreNamedAndLeavesAreNot() {
    Graph differentiated = Gradients.differentiate(model(), "loss", List.of("mask", "w", "hidden"));

    assertThat(differentiated.names().keySet())
        .containsExactly(
            "hidden", "masked", "loss", "mask.gradient", "w.gradient", "hidden.gradient");
  }

  @Test
  void onlyWhatLeadsToTheTargetIsWalked() {
    Graph graph = model();

    Graph ofMask = Gradients.differentiate(graph, "loss", List.of("mask"));
    Graph ofWeight = Gradients.differentiate(graph, "loss", List.of("w"));

    // The gradient of a Linear's weight is the only MatMul of either graph.
    assertThat(count(ofMask, "mask.gradient", Op.MatMul.class)).isZero();
    assertThat(count(ofWeight, "w.gradient", Op.MatMul.class)).isEqualTo(1);
    // Forward two; backward through the outer one alone: nobody asks for the gradient of x.
    assertThat(count(ofMask, "mask.gradient", Op.Linear.class)).isEqualTo(3);
    assertThat(count(ofWeight, "w.gradient", Op.Linear.class)).isEqualTo(3);
  }

  @Test
  void whatIsNotAskedForIsNotEvenAppended() {
    Value loss = model().value("loss").sumAll();
    int before = g.scalar(12345).id();

    Value gradient = Gradients.of(loss, List.of(mask)).get(0);

    int appended = g.scalar(54321).id() - before - 1;
    assertThat(Graph.reachable(List.of(gradient)).stream().filter(node -> node.id() > before))
        .hasSize(appended);
  }

  private static long count(Graph graph, String output, Class<? extends Op> op) {
    return graph.nodes(List.of(output)).stream().filter(node -> op.isInstance(node.op())).count();
  }

  @Test
  void gradientsAreZeroWhereTheLossIsIndependent() {
    Graph graph = model();
    Graph other = graph.with("other", x.sum(1).mul(2));

    Graph differentiated = Gradients.differentiate(other, "other", List.of("hidden", "masked"));

    assertThat(run(differentiated, "hidden.gradient").toDoubles()).containsOnly(0).hasSize(6);
    assertThat(differentiated.value("masked.gradient").type())
        .isEqualTo(graph.value("masked").type());
  }

  @Test
  void noGradientFlowsThroughStopsSignsAndComparisons() {
    Value loss =
        x.stopGradient().add(x.sign()).add(x.lessThan(x.mul(2)).cast(ElementType.FLOAT)).sumAll();

    Value gradient = Gradients.of(loss, List.of(x)).get(0);

    assertThat(gradient).isSameAs(g.filled(0, x.shape()));
  }

  @Test
  void theLossIsItsOwnTarget() {
    Value loss = x.sumAll();

    assertThat(Gradients.of(loss, List.of(loss))).containsExactly(g.scalar(1));
  }

  @Test
  void aTargetUpstreamOfAnotherGetsItsGradientToo() {
    Graph differentiated =
        Gradients.differentiate(model(), "loss", List.of("masked", "hidden", "b"));
    double[] masked = run(differentiated, "masked.gradient").toDoubles();
    double[] hidden = run(differentiated, "hidden.gradient").toDoubles();
    double[] ofBias = run(differentiated, "b.gradient").toDoubles();
    double[] factors = {1, 0.5, 0, 1, 1, 0.25};

    for (int i = 0; i < factors.length; i++) {
      assertThat(hidden[i]).isEqualTo(masked[i] * factors[i]);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(ofBias[i]).isEqualTo(hidden[i] + hidden[i + 3]);
    }
  }

  @Test
  void unknownNamesGetNearMisses() {
    Graph graph = model();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.differentiate(graph, "loss", List.of("hiden")))
        .withMessage(
            "no hook, input or parameter that the loss depends on is named 'hiden'; did you mean"
                + " 'hidden'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.differentiate(graph, "loss", List.of("maks")))
        .withMessage(
            "no hook, input or parameter that the loss depends on is named 'maks'; did you mean"
                + " 'mask'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.differentiate(graph, "los", List.of("mask")))
        .withMessage("no value is named 'los'; did you mean 'loss'?");
  }

  @Test
  void onlyFloatsOfRankZeroAreLossesAndOnlyFloatsTargets() {
    Value ids = g.input("ids", ElementType.INT, Shape.of("batch"));
    Value loss = x.sumAll();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.of(x, List.of(x)))
        .withMessage("a loss is FLOAT of rank 0, got FLOAT [batch, 2]; sum it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.of(loss.cast(ElementType.INT), List.of(x)))
        .withMessage("a loss is FLOAT of rank 0, got INT []; sum it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gradients.of(loss, List.of(ids)))
        .withMessage("only FLOAT values have gradients, got INT [batch]");
  }

  @Test
  void secondDerivativesEqualDifferencesOfFirstOnes() {
    Graph first = Gradients.differentiate(model(), "loss", List.of("mask"));
    Value gradient = first.value("mask.gradient");
    Graph second =
        Gradients.differentiate(
            first.with("norm", gradient.square().sumAll()), "norm", List.of("mask", "x"));

    assertClose("mask", run(second, "mask.gradient"), differences(first, "mask"), DIFFERENCES);
    assertClose("x", run(second, "x.gradient"), differences(first, "x"), DIFFERENCES);
  }

  /** The gradient of Σ (mask.gradient)² with respect to an input, by central differences. */
  private static Tensor differences(Graph first, String input) {
    double step = 1e-4;
    Tensor at = INPUTS.getOrDefault(input, Tensor.filled(0));
    double[] result = new double[at.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (norm(first, input, i, step) - norm(first, input, i, -step)) / (2 * step);
    }
    return Tensor.of(result, at.shape());
  }

  private static double norm(Graph first, String input, int index, double step) {
    Map<String, Tensor> moved = new HashMap<>(INPUTS);
    moved.computeIfPresent(
        input,
        (name, tensor) -> {
          double[] values = tensor.toDoubles();
          values[index] += step;
          return Tensor.of(values, tensor.shape());
        });
    double sum = 0;
    for (double value : run(first, "mask.gradient", moved).toDoubles()) {
      sum += value * value;
    }
    return sum;
  }

  @Test
  void differentiatingTwiceGivesTheSameGraph() {
    Graph once = Gradients.differentiate(model(), "loss", List.of("mask", "hidden"));

    Graph twice = Gradients.differentiate(once, "loss", List.of("mask", "hidden"));

    assertThat(twice.names()).isEqualTo(once.names());
  }

  @Test
  void theGradientOfAnotherLossReplacesTheOneBefore() {
    Graph once = Gradients.differentiate(model(), "loss", List.of("mask"));

    Graph twice =
        Gradients.differentiate(once.with("plain", mask.sum(1)), "plain", List.of("mask"));

    assertThat(run(twice, "mask.gradient").toDoubles()).containsOnly(1);
    assertThat(run(once, "mask.gradient").toDoubles()).doesNotContain(1);
  }
}
