package org.bertology.api.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Flops;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SplitTest {
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          new Bert(),
          11,
          8,
          List.of(
              new LayerGeometry(4, 2, 6), new LayerGeometry(3, 2, 5), new LayerGeometry(2, 4, 7)),
          9,
          2,
          1e-12,
          Activation.GELU,
          3);

  private static final Set<Mask> MASKS = Set.of(Mask.HEADS, Mask.NEURONS, Mask.LAYERS);
  private static final List<String> OUTPUTS = List.of(Hooks.LOGITS, Hooks.LOSS);
  private static final int[][] ROWS = {{1, 2, 3, 4, 5}, {6, 7}, {8, 9, 10}};

  private static Graph graph() {
    return ModelDefinition.of(CONFIG, Task.SEQUENCE_CLASSIFICATION, MASKS).graph();
  }

  private static Weights weights(Graph graph) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (Value node : graph.nodes(OUTPUTS)) {
      if (node.op() instanceof Op.Parameter parameter) {
        long[] shape = parameter.shape().bind(Map.of());
        int size = 1;
        for (long extent : shape) {
          size *= (int) extent;
        }
        double[] values = new double[size];
        int seed = parameter.name().hashCode();
        Arrays.setAll(values, i -> Math.sin(seed + 1.7 * i));
        tensors.put(parameter.name(), Tensor.of(values, shape));
      }
    }
    return Weights.of(tensors);
  }

  /** Rows one after the other, as often as said, with the masks of {@link #mask}. */
  private static Map<String, Tensor> inputs(int times, int... variants) {
    List<int[]> ids = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      ids.addAll(List.of(ROWS));
    }
    ModelInputs inputs =
        new ModelInputs(ids, ids.stream().map(row -> new int[row.length]).toList(), 0);
    inputs.labels(IntStream.range(0, ids.size()).map(i -> i % 3).toArray(), 3);
    for (Mask kind : MASKS) {
      for (int layer = 0; layer < CONFIG.layers().size(); layer++) {
        float[][] rows = new float[ids.size()][];
        for (int row = 0; row < rows.length; row++) {
          rows[row] = mask(kind, layer, variants[row / ROWS.length]);
        }
        inputs.mask(kind, layer, rows);
      }
    }
    return inputs.tensors();
  }

  private static float[] mask(Mask kind, int layer, int variant) {
    float[] mask = new float[kind.width(CONFIG.layers().get(layer))];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = 1 - 0.25f * ((variant + i + layer) % 4);
    }
    return mask;
  }

  private static Map<String, Tensor> run(
      Graph graph, Weights weights, List<String> outputs, Map<String, Tensor> inputs) {
    try (ReferenceBackend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, weights, outputs)) {
      Map<String, Tensor> needed = new HashMap<>(inputs);
      needed.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(needed);
    }
  }

  static Stream<Arguments> masksOfLayers() {
    return Stream.of(Mask.values())
        .flatMap(
            kind ->
                Stream.of(0, 1, 2)
                    .flatMap(
                        layer ->
                            Stream.of(true, false)
                                .map(narrow -> Arguments.of(kind, layer, narrow))));
  }

  private static Graph graph(boolean narrow) {
    return narrow ? Narrowing.of(graph(), OUTPUTS) : graph();
  }

  @ParameterizedTest
  @MethodSource("masksOfLayers")
  void bothPartsTogetherAreTheWhole(Mask kind, int layer, boolean narrow) {
    Graph whole = graph(narrow);
    Weights weights = weights(whole);
    Map<String, Tensor> inputs = inputs(1, 1);

    Split split = Split.of(whole, OUTPUTS, Set.of(kind.input(layer)));
    Map<String, Tensor> handedOver = run(split.prefix(), weights, split.handedOver(), inputs);
    Map<String, Tensor> all = new HashMap<>(inputs);
    all.putAll(handedOver);
    Map<String, Tensor> results = run(split.suffix(), weights, OUTPUTS, all);

    Map<String, Tensor> expected = run(whole, weights, OUTPUTS, inputs);
    assertThat(results.get(Hooks.LOGITS).toDoubles())
        .containsExactly(expected.get(Hooks.LOGITS).toDoubles());
    assertThat(results.get(Hooks.LOSS).toDoubles())
        .containsExactly(expected.get(Hooks.LOSS).toDoubles());
  }

  @ParameterizedTest
  @MethodSource("masksOfLayers")
  void rowsThatAreRepeatedMayHaveMasksOfTheirOwn(Mask kind, int layer, boolean narrow) {
    Graph whole = graph(narrow);
    Weights weights = weights(whole);
    Set<String> changing = new HashSet<>();
    for (int i = layer; i < CONFIG.layers().size(); i++) {
      changing.add(kind.input(i));
    }
    Split split = Split.of(whole, OUTPUTS, changing);
    Map<String, Tensor> handedOver = run(split.prefix(), weights, split.handedOver(), inputs(1, 1));

    Map<String, Tensor> all = new HashMap<>(inputs(2, 1, 1));
    inputs(2, 1, 3)
        .forEach(
            (name, tensor) -> all.replace(name, changing.contains(name) ? tensor : all.get(name)));
    handedOver.forEach((name, tensor) -> all.put(name, tensor.repeated(2)));
    double[] logits = run(split.suffix(), weights, OUTPUTS, all).get(Hooks.LOGITS).toDoubles();

    assertThat(logits)
        .containsExactly(run(whole, weights, OUTPUTS, all).get(Hooks.LOGITS).toDoubles());
  }

  @Test
  void whatIsBelowTheMaskIsNotComputedAgain() {
    Graph whole = graph(true);
    Map<String, Long> extents = Map.of("batch", 4L, "sequence", 9L);

    Split split = Split.of(whole, OUTPUTS, Set.of(Mask.HEADS.input(1)));

    long prefix = Flops.of(split.prefix(), split.handedOver(), extents);
    long suffix = Flops.of(split.suffix(), OUTPUTS, extents);
    assertThat(prefix + suffix).isEqualTo(Flops.of(whole, OUTPUTS, extents));
    assertThat(split.handedOver()).hasSize(2);
  }

  @Test
  void onlyOneRowCrossesIntoTheLastLayerOfAClassifier() {
    Split split = Split.of(graph(true), OUTPUTS, Set.of(Mask.HEADS.input(2)));

    assertThat(split.handedOver())
        .extracting(name -> split.prefix().value(name).shape().toString())
        .containsExactlyInAnyOrder("[batch, 1, 8]", "[batch, 2, 1, 4]");
  }

  @Test
  void theSameValueHasTheSameNameInEverySplit() {
    Graph whole = graph(true);

    Split heads = Split.of(whole, OUTPUTS, Set.of(Mask.HEADS.input(1)));
    Split layers = Split.of(whole, OUTPUTS, Set.of(Mask.LAYERS.input(1)));

    assertThat(heads.handedOver()).containsAnyElementsOf(layers.handedOver());
    assertThat(layers.prefix().value(layers.handedOver().get(0))).isNotNull();
  }

  @Test
  void outputsThatDoNotChangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(graph(), List.of(Hooks.layer(0)), Set.of(Mask.HEADS.input(2))))
        .withMessage("the output 'layer.0' does not depend on [head_mask.2]");
  }
}
