package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

class LossesTest {
  /** Double arithmetic of another formula. */
  private static final double ROUNDING = 1e-15;

  private static final double[] LOGITS = {0, 0, 1.5, -3, 800, -800, 800, 9};
  private static final int[] REPLACED = {1, 0, 1, 1, 1, 0, 0, ModelInputs.IGNORED};

  @Test
  void replacedTokensHaveTheirBinaryCrossEntropyAndItsDerivative() {
    GraphBuilder graph = new GraphBuilder();
    graph.input("z", ElementType.FLOAT, ModelInputs.TOKENS).named("logits");
    Losses.tokenBinaryCrossEntropy(graph.named("logits").orElseThrow()).named(Hooks.LOSS);
    ModelInputs inputs =
        new ModelInputs(List.of(new int[8]), List.of(new int[8]), 0)
            .replacedTokens(List.of(REPLACED))
            .with("z", Tensor.of(LOGITS, 1, 8));
    String gradient = Gradients.nameOf("z");

    Map<String, Tensor> results =
        run(Gradients.differentiate(graph.build(), Hooks.LOSS, List.of("z")), inputs, gradient);

    double sum = 0;
    double[] derivatives = get(results, gradient).toDoubles();
    for (int i = 0; i < LOGITS.length; i++) {
      boolean labelled = REPLACED[i] != ModelInputs.IGNORED;
      double signed = REPLACED[i] == 1 ? LOGITS[i] : -LOGITS[i];
      sum += labelled ? signed < -700 ? -signed : Math.log1p(Math.exp(-signed)) : 0;
      double wanted = labelled ? (1 / (1 + Math.exp(-LOGITS[i])) - REPLACED[i]) / 7 : 0;
      assertThat(derivatives[i]).isCloseTo(wanted, within(ROUNDING));
    }
    assertThat(get(results, Hooks.LOSS).toDoubles()[0]).isCloseTo(sum / 7, within(sum * ROUNDING));
  }

  private static Map<String, Tensor> run(Graph graph, ModelInputs inputs, String gradient) {
    try (Backend backend = new ReferenceBackend();
        CompiledGraph compiled =
            backend.compile(graph, Weights.of(Map.of()), List.of(Hooks.LOSS, gradient))) {
      Map<String, Tensor> needed = new HashMap<>(inputs.tensors());
      needed.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(needed);
    }
  }

  private static Tensor get(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name);
  }
}
