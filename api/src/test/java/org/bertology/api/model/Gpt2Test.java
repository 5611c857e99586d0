package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.graph.Graph;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

class Gpt2Test {
  private static final LayerGeometry LAYER = new LayerGeometry(2, 4, 6);

  private static TransformerConfig config(Gpt2 family, int layers) {
    return new TransformerConfig(
            family,
            TinyModels.VOCABULARY,
            8,
            List.of(LAYER, LAYER, LAYER).subList(0, layers),
            TinyModels.POSITIONS,
            0,
            1e-5,
            Activation.GELU_TANH,
            2)
        .withAttention(AttentionPattern.LEFT_TO_RIGHT);
  }

  private static double[] scores(Gpt2 family) {
    TransformerConfig config = config(family, 1);
    String hook = Hooks.scores(Hooks.layer(0));
    Graph graph = ModelDefinition.of(config, Task.ENCODER, Set.of()).graph();
    Weights weights = TinyModels.weights(graph, List.of(hook));
    try (Backend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, weights, List.of(hook))) {
      Map<String, Tensor> inputs =
          new HashMap<>(
              ModelInputs.of(config, TinyModels.ids(1), TinyModels.types(1), 0).tensors());
      inputs.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(inputs).get(hook).toDoubles();
    }
  }

  @Test
  void scoresMayBeDividedByTheRootOfTheHeadSizeAndTheNumberOfTheLayer() {
    double[] plain = scores(new Gpt2(false, false));
    double[] scaled = scores(new Gpt2(true, false));
    double[] third = scores(new Gpt2(true, true, List.of(2)));

    assertThat(plain).isNotEmpty();
    for (int i = 0; i < plain.length; i++) {
      assertThat(scaled[i]).isEqualTo(plain[i] * 0.5);
      assertThat(third[i]).isEqualTo(plain[i] * (0.5 / 3));
    }
  }

  @Test
  void layersKeepTheNumbersThatTheirScoresAreDividedBy() {
    TransformerConfig whole = config(new Gpt2(true, true), 3);

    TransformerConfig left = whole.keeping(List.of(0, 2), List.of(LAYER, LAYER));

    assertThat(left.family()).isEqualTo(new Gpt2(true, true, List.of(0, 2)));
    assertThat(left.keeping(List.of(1), List.of(LAYER)).family())
        .isEqualTo(new Gpt2(true, true, List.of(2)));
    assertThat(whole.keeping(List.of(0, 1), List.of(LAYER, LAYER)).family())
        .isEqualTo(whole.family());
  }

  @Test
  void layersOfOtherModelsHaveNoNumbers() {
    Gpt2 usual = new Gpt2(true, false);

    assertThat(usual.keeping(List.of(1))).isEqualTo(usual);
  }
}
