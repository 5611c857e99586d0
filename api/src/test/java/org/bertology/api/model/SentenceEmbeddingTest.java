package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.graph.Graph;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SentenceEmbeddingTest {
  /** Double arithmetic, in which only the order of a longer row's sums differs. */
  private static final Offset<Double> DOUBLE = Offset.offset(1e-12);

  /** Central differences of second order with this step, in double arithmetic. */
  private static final double STEP = 1e-5;

  private static final Offset<Double> DIFFERENCES = Offset.offset(1e-8);
  private static final int WIDTH = 12;
  private static final int[] FIRST = {3, 7, 2};
  private static final int[] SECOND = {5, 1, 4};

  private final List<int[]> first = TinyModels.ids(FIRST);
  private final List<int[]> second = TinyModels.ids(SECOND);

  private static TransformerConfig config(Pooling pooling) {
    return TinyModels.uneven(3).withPooling(pooling);
  }

  private static Graph graph(TransformerConfig config, Mask... masks) {
    return ModelDefinition.of(config, Task.SENTENCE_EMBEDDING, Set.of(masks)).graph();
  }

  /** Both texts of each pair in a row. */
  private ModelInputs pairs(TransformerConfig config) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < FIRST.length; i++) {
      int[] row = Arrays.copyOf(first.get(i), FIRST[i] + SECOND[i]);
      System.arraycopy(second.get(i), 0, row, FIRST[i], SECOND[i]);
      rows.add(row);
    }
    return ModelInputs.of(config, rows, zeros(rows), FIRST, 0);
  }

  private static List<int[]> zeros(List<int[]> rows) {
    return rows.stream().map(row -> new int[row.length]).toList();
  }

  private static Map<String, double[]> run(
      TransformerConfig config, Graph graph, ModelInputs inputs, String... outputs) {
    List<String> names = List.of(outputs);
    Weights weights = TinyModels.weights(graph(config), List.of(Hooks.LOGITS));
    Map<String, double[]> results = new HashMap<>();
    try (Backend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, weights, names)) {
      Map<String, Tensor> needed = new HashMap<>(inputs.tensors());
      needed.keySet().retainAll(compiled.inputs().keySet());
      compiled.run(needed).forEach((name, tensor) -> results.put(name, tensor.toDoubles()));
    }
    return results;
  }

  private static double[] one(
      TransformerConfig config, Graph graph, ModelInputs inputs, String output) {
    return Objects.requireNonNull(run(config, graph, inputs, output).get(output));
  }

  /** The embedding of a text that is run alone, pooled here. */
  private static double[] alone(TransformerConfig config, Pooling pooling, int[] text) {
    List<int[]> row = List.of(text);
    ModelInputs inputs = ModelInputs.of(config, row, zeros(row), 0);
    double[] states = one(config, graph(config), inputs, config.layerName(2));
    double[] embedding = new double[WIDTH];
    for (int unit = 0; unit < WIDTH; unit++) {
      double sum = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int token = 0; token < text.length; token++) {
        sum += states[token * WIDTH + unit];
        largest = Math.max(largest, states[token * WIDTH + unit]);
      }
      embedding[unit] =
          switch (pooling) {
            case MEAN -> sum / text.length;
            case CLS -> states[unit];
            case MAX -> largest;
          };
    }
    return embedding;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      lengthA += a[i] * a[i];
      lengthB += b[i] * b[i];
    }
    return product / Math.sqrt(lengthA * lengthB);
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void aPairInARowHasTheEmbeddingsOfTwoRuns(Pooling pooling) {
    assertPairsAreTwoRuns(config(pooling), pooling);
  }

  static List<Family> otherFamilies() {
    return List.of(new Roberta(1), new DistilBert(), new Electra(8), new Nezha(2));
  }

  @ParameterizedTest
  @MethodSource("otherFamilies")
  void everyFamilyRunsBothTextsAsIfAlone(Family family) {
    assertPairsAreTwoRuns(config(Pooling.MEAN).withFamily(family), Pooling.MEAN);
  }

  @Test
  void patternsOfAttentionHoldWithinEachText() {
    assertPairsAreTwoRuns(
        config(Pooling.MEAN).withAttention(AttentionPattern.prefix(2)), Pooling.MEAN);
  }

  private void assertPairsAreTwoRuns(TransformerConfig config, Pooling pooling) {
    ModelInputs inputs = pairs(config).targets(new double[] {0.4, 1, 0});

    Map<String, double[]> results =
        run(config, graph(config), inputs, Hooks.SENTENCES, Hooks.LOGITS, Hooks.LOSS);

    double[] sentences = results.getOrDefault(Hooks.SENTENCES, new double[0]);
    for (int i = 0; i < FIRST.length; i++) {
      double[] a = alone(config, pooling, first.get(i));
      double[] b = alone(config, pooling, second.get(i));
      int start = 2 * i * WIDTH;
      assertThat(Arrays.copyOfRange(sentences, start, start + WIDTH)).containsExactly(a, DOUBLE);
      assertThat(Arrays.copyOfRange(sentences, start + WIDTH, start + 2 * WIDTH))
          .containsExactly(b, DOUBLE);
      double cosine = cosine(a, b);
      assertThat(results.get(Hooks.LOGITS)[i]).isCloseTo(cosine, DOUBLE);
      double target = new double[] {0.4, 1, 0}[i];
      assertThat(results.get(Hooks.LOSS)[i]).isCloseTo(Math.pow(cosine - target, 2), DOUBLE);
    }
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void gradientsOfMasksAreCentralDifferences(Pooling pooling) {
    TransformerConfig config = config(pooling);
    Graph graph = graph(config, Mask.HEADS);
    String mask = Mask.HEADS.input(0);
    Graph differentiated = Gradients.differentiate(graph, Hooks.LOSS, List.of(mask));
    ModelInputs inputs = pairs(config).targets(new double[] {0.4, 1, 0}).ones(Mask.HEADS, config);

    double[] gradients = one(config, differentiated, inputs, Gradients.nameOf(mask));

    for (int entry = 0; entry < gradients.length; entry++) {
      double above = loss(config, graph, inputs, mask, entry, STEP);
      double below = loss(config, graph, inputs, mask, entry, -STEP);
      assertThat(gradients[entry]).isCloseTo((above - below) / (2 * STEP), DIFFERENCES);
    }
    assertThat(Arrays.stream(gradients).map(Math::abs).max().orElse(0)).isGreaterThan(1e-4);
  }

  private static double loss(
      TransformerConfig config,
      Graph graph,
      ModelInputs inputs,
      String mask,
      int entry,
      double by) {
    Tensor given = Objects.requireNonNull(inputs.tensors().get(mask));
    double[] moved = given.toDoubles();
    moved[entry] += by;
    inputs.with(mask, Tensor.of(moved, given.shape()));
    double[] losses = one(config, graph, inputs, Hooks.LOSS);
    inputs.with(mask, given);
    return Arrays.stream(losses).sum();
  }

  @Test
  void paddingStaysWithinThePositions() {
    TransformerConfig config = config(Pooling.MEAN);
    int longest = TinyModels.POSITIONS;
    List<int[]> rows = TinyModels.ids(2 * longest, 2);
    ModelInputs inputs = ModelInputs.of(config, rows, zeros(rows), new int[] {longest, 2}, 0);

    double[] cosines = one(config, graph(config), inputs, Hooks.LOGITS);

    assertThat(cosines[0]).isBetween(-1.0, 1.0);
    assertThat(cosines[1]).isZero();
  }

  @Test
  void twoTextsInARowNeedAPooling() {
    TransformerConfig config = TinyModels.uneven(3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelInputs.of(config, first, zeros(first), new int[] {1, 1, 1}, 0))
        .withMessage("two texts in a row are for sentence embedding; this model has no pooling");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph(config))
        .withMessage("sentence embedding needs a pooling: mean, cls or max");
  }
}
