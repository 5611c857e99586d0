package org.bertology.core.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Intervals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On tiny models, against what Hugging Face's library computes in double arithmetic. */
class ImportanceTest {
  private static final String CLASSIFIER = "bert-sequence-classification";
  private static final String REGRESSOR = "bert-regression";
  private static final int LAYERS = 3;
  private static final int HEADS = 4;
  private static final int EXAMPLES = 3;

  /** Scores of examples are kept as float32; relative to the largest entry. */
  private static final double FLOAT32_TOLERANCE = 2e-7;

  /** Central differences with a step of 1e-4 in double, and float32 on the other side. */
  private static final double DIFFERENCE_TOLERANCE = 1e-6;

  private static final double STEP = 1e-4;
  private static final ImportanceOptions OPTIONS = ImportanceOptions.defaults().withResamples(0);

  @TempDir Path directory;

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).isPositive();
    assertThat(actual).containsExactly(expected, within(tolerance * largest));
  }

  /** Golden s {@code [layer][head][example][token]}, without padding. */
  private static double[][][][] tokenScores(GoldenModel golden) {
    double[][][][] scores = new double[LAYERS][HEADS][EXAMPLES][];
    for (int layer = 0; layer < LAYERS; layer++) {
      double[] flat = golden.expected("token_score." + layer);
      for (int head = 0; head < HEADS; head++) {
        for (int n = 0; n < EXAMPLES; n++) {
          int start = (n * HEADS + head) * golden.longest();
          int length = golden.data().examples().get(n).length();
          scores[layer][head][n] = Arrays.copyOfRange(flat, start, start + length);
        }
      }
    }
    return scores;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** What each definition makes of one head's s {@code [example][token]}. */
  private static double score(Criterion criterion, double[][] s, boolean lastLayer, int batchSize) {
    double[] sums = Arrays.stream(s).mapToDouble(ImportanceTest::sum).toArray();
    double magnitudes = Arrays.stream(s).flatMapToDouble(Arrays::stream).map(Math::abs).sum();
    double tokens = Arrays.stream(s).mapToInt(row -> row.length).sum();
    return switch (criterion) {
      case GRADIENT -> Arrays.stream(sums).map(Math::abs).average().orElseThrow();
      case FISHER -> Arrays.stream(sums).map(x -> x * x).average().orElseThrow();
      case SIGNED -> Arrays.stream(sums).average().orElseThrow();
      case TOKEN_GRADIENT -> magnitudes / (lastLayer ? EXAMPLES : tokens);
      case BATCH_GRADIENT ->
          batchMeans(sums, batchSize).stream().mapToDouble(Math::abs).sum() / tokens;
      case HF_SCRIPT -> runningSums(batchMeans(sums, batchSize)) / tokens;
    };
  }

  private static List<Double> batchMeans(double[] sums, int batchSize) {
    List<Double> means = new ArrayList<>();
    for (int start = 0; start < sums.length; start += batchSize) {
      int end = Math.min(sums.length, start + batchSize);
      means.add(Arrays.stream(sums, start, end).average().orElseThrow());
    }
    return means;
  }

  private static double runningSums(List<Double> gradients) {
    double gradient = 0;
    double total = 0;
    for (double next : gradients) {
      gradient += next;
      total += Math.abs(gradient);
    }
    return total;
  }

  @ParameterizedTest
  @ValueSource(strings = {CLASSIFIER, REGRESSOR})
  void theDerivativeByEachHeadsMaskIsThatOfEveryExample(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      Importance importance = Importance.of(golden.model(), golden.data(), OPTIONS);

      Tensor perExample = importance.perExample();
      assertThat(perExample.shape()).containsExactly(EXAMPLES, LAYERS * HEADS);
      assertClose(
          perExample.toDoubles(),
          golden.expected("head_mask_gradient_per_example"),
          FLOAT32_TOLERANCE);
      assertThat(importance.tokens()).isEqualTo(9 + 6 + 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    CLASSIFIER + ",1",
    CLASSIFIER + ",2",
    CLASSIFIER + ",100",
    REGRESSOR + ",1",
    REGRESSOR + ",2",
    REGRESSOR + ",100"
  })
  void everyCriterionFollowsItsDefinition(String folder, int batchSize) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      double[][][][] s = tokenScores(golden);

      Importance importance =
          Importance.of(golden.model(), golden.data(), OPTIONS.withBatchSize(batchSize));

      for (Criterion criterion : Criterion.values()) {
        double[] expected = new double[LAYERS * HEADS];
        for (int i = 0; i < expected.length; i++) {
          int layer = i / HEADS;
          expected[i] = score(criterion, s[layer][i % HEADS], layer == LAYERS - 1, batchSize);
        }
        assertClose(importance.scores(criterion).flat(), expected, 2 * FLOAT32_TOLERANCE);
      }
    }
  }

  @Test
  void batchesOrderAndPaddingDoNotChangeOrderFreeCriteria() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      RunSettings alone = OPTIONS.run().withBatchTokens(1).withWorkers(3);

      Importance together = Importance.of(golden.model(), golden.data(), OPTIONS);
      Importance reversed =
          Importance.of(golden.model(), reversed(golden.data()), OPTIONS.withRun(alone));

      for (Criterion criterion : Criterion.values()) {
        if (criterion.isOrderFree()) {
          assertClose(
              reversed.scores(criterion).flat(),
              together.scores(criterion).flat(),
              FLOAT32_TOLERANCE);
        }
      }
    }
  }

  private static EncodedData reversed(EncodedData data) {
    List<EncodedExample> examples = new ArrayList<>(data.examples());
    Collections.reverse(examples);
    for (int i = 0; i < examples.size(); i++) {
      EncodedExample example = examples.get(i);
      examples.set(i, new EncodedExample(i, example.ids(), example.types(), example.label()));
    }
    return new EncodedData(examples, 0);
  }

  @Test
  void theScriptsCriterionDependsOnTheOrder() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Importance forwards = Importance.of(golden.model(), golden.data(), OPTIONS);
      Importance backwards = Importance.of(golden.model(), reversed(golden.data()), OPTIONS);

      assertThat(backwards.scores(Criterion.HF_SCRIPT).flat())
          .isNotEqualTo(forwards.scores(Criterion.HF_SCRIPT).flat());
      assertThat(forwards.intervals(Criterion.HF_SCRIPT, Normalization.NONE)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({CLASSIFIER + ",'1:1,2,3,4 2:2 3:1,3'", REGRESSOR + ",'1:2,3,4 2:2 3:1,3'"})
  void maskedHeadsKeepTheirGradient(String folder, String description) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      ModelMask mask = MaskText.parse(Mask.HEADS, description, golden.model().config());

      Importance importance = Importance.of(golden.model(), golden.data(), mask, OPTIONS);

      double[] summed = importance.scores(Criterion.SIGNED).flat();
      Arrays.setAll(summed, i -> summed[i] * EXAMPLES);
      assertClose(summed, golden.expected("masked.head_mask_gradient"), 2 * FLOAT32_TOLERANCE);
      assertClose(
          importance.predictions().toTensor().toDoubles(),
          golden.expected("masked.logits"),
          FLOAT32_TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CLASSIFIER, REGRESSOR})
  void neuronsAreScoredByTheDerivativeByTheirMask(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      int neurons = 48;

      Importance importance =
          Importance.of(golden.model(), golden.data(), OPTIONS.withTarget(Target.NEURONS));

      double[] actual = importance.perExample().toDoubles();
      for (int layer = 0; layer < LAYERS; layer++) {
        double[] ofLayer = new double[EXAMPLES * neurons];
        for (int n = 0; n < EXAMPLES; n++) {
          int from = n * LAYERS * neurons + layer * neurons;
          System.arraycopy(actual, from, ofLayer, n * neurons, neurons);
        }
        assertClose(
            ofLayer,
            golden.expected("neuron_mask_gradient_per_example." + layer),
            FLOAT32_TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CLASSIFIER, REGRESSOR})
  void layersAreScoredByTheDerivativeByTheirMask(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      double[] expected = new double[EXAMPLES * LAYERS];
      for (int layer = 0; layer < LAYERS; layer++) {
        double[] above = losses(golden, layer, 1 + STEP);
        double[] below = losses(golden, layer, 1 - STEP);
        for (int n = 0; n < EXAMPLES; n++) {
          expected[n * LAYERS + layer] = (above[n] - below[n]) / (2 * STEP);
        }
      }

      Importance importance =
          Importance.of(golden.model(), golden.data(), OPTIONS.withTarget(Target.LAYERS));

      assertClose(importance.perExample().toDoubles(), expected, DIFFERENCE_TOLERANCE);
    }
  }

  /** The losses with one layer's mask at another value. */
  private static double[] losses(GoldenModel golden, int layer, double value) {
    ModelInputs inputs = golden.model().inputs(golden.data().examples());
    inputs.ones(Mask.LAYERS, golden.model().config());
    double[] mask = new double[EXAMPLES];
    Arrays.fill(mask, value);
    inputs.with(Mask.LAYERS.input(layer), Tensor.of(mask, EXAMPLES));
    try (CompiledGraph graph =
        golden.model().compile(golden.model().graph(Set.of(Mask.LAYERS)), List.of(Hooks.LOSS))) {
      Map<String, Tensor> given = new HashMap<>(inputs.tensors());
      given.keySet().retainAll(graph.inputs().keySet());
      return graph.run(given).get(Hooks.LOSS).toDoubles();
    }
  }

  @Test
  void entropyAndConfidenceAreMeansOverTokens() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      double[] entropy = new double[LAYERS * HEADS];
      double[] confidence = new double[LAYERS * HEADS];
      for (int layer = 0; layer < LAYERS; layer++) {
        double[] attentions = golden.expected("attentions." + layer);
        for (int head = 0; head < HEADS; head++) {
          int unit = layer * HEADS + head;
          for (double[] row : rows(golden, attentions, head)) {
            entropy[unit] -= Arrays.stream(row).map(p -> p == 0 ? 0 : p * Math.log(p)).sum() / 18;
            confidence[unit] += Arrays.stream(row).max().orElseThrow() / 18;
          }
        }
      }

      Importance importance =
          Importance.of(golden.model(), golden.data(), OPTIONS.withAttention(true));

      assertClose(importance.entropy().orElseThrow().flat(), entropy, FLOAT32_TOLERANCE);
      assertClose(importance.confidence().orElseThrow().flat(), confidence, FLOAT32_TOLERANCE);
    }
  }

  /** The attention of one head at tokens that are no padding, 18 rows. */
  private static List<double[]> rows(GoldenModel golden, double[] attentions, int head) {
    int longest = golden.longest();
    List<double[]> rows = new ArrayList<>();
    for (EncodedExample example : golden.data().examples()) {
      for (int query = 0; query < example.length(); query++) {
        int start = ((example.index() * HEADS + head) * longest + query) * longest;
        rows.add(Arrays.copyOfRange(attentions, start, start + longest));
      }
    }
    return rows;
  }

  @Test
  void attentionIsNotComputedUnlessAskedFor() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Importance importance = Importance.of(golden.model(), golden.data(), OPTIONS);

      assertThat(importance.entropy()).isEmpty();
      assertThat(importance.confidence()).isEmpty();
      assertThat(importance.intervals(Criterion.GRADIENT, Normalization.NONE)).isEmpty();
    }
  }

  @Test
  void intervalsEncloseTheScoreAndRepeat() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      ImportanceOptions options = OPTIONS.withResamples(500);
      Importance importance = Importance.of(golden.model(), golden.data(), options);
      Importance again = Importance.of(golden.model(), golden.data(), options);

      Intervals first = importance.intervals(Criterion.GRADIENT, Normalization.NONE).orElseThrow();
      Intervals second = again.intervals(Criterion.GRADIENT, Normalization.NONE).orElseThrow();

      double[] scores = importance.scores(Criterion.GRADIENT).flat();
      for (int unit = 0; unit < scores.length; unit++) {
        assertThat(scores[unit]).isBetween(first.low(unit), first.high(unit));
        assertThat(second.low(unit)).isEqualTo(first.low(unit));
      }
    }
  }

  @Test
  void intervalsAreComputedOnce() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Importance importance =
          Importance.of(golden.model(), golden.data(), OPTIONS.withResamples(10));

      Intervals first = importance.intervals(Criterion.FISHER, Normalization.NONE).orElseThrow();

      assertThat(importance.intervals(Criterion.FISHER, Normalization.NONE)).containsSame(first);
      assertThat(importance.intervals(Criterion.FISHER, Normalization.LAYER).orElseThrow())
          .isNotSameAs(first);
    }
  }

  @Test
  void logitsAndLossComeFromTheSamePass() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Importance importance = Importance.of(golden.model(), golden.data(), OPTIONS);

      assertClose(
          importance.predictions().toTensor().toDoubles(),
          golden.expected("logits"),
          FLOAT32_TOLERANCE);
      assertThat(importance.predictions().meanLoss())
          .isCloseTo(
              Arrays.stream(golden.expected("loss_per_example")).average().orElseThrow(),
              within(1e-9));
    }
  }

  @Test
  void everyExampleNeedsALabel() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      EncodedExample labelled = golden.data().examples().get(0);
      EncodedExample unlabelled =
          new EncodedExample(1, labelled.ids(), labelled.types(), Optional.empty());
      String message =
          "importance is a derivative of the loss: every example needs a label; name the column";

      for (EncodedData data :
          List.of(
              new EncodedData(List.of(labelled, unlabelled), 0), new EncodedData(List.of(), 0))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Importance.of(golden.model(), data, OPTIONS))
            .withMessage(message);
      }
    }
  }
}
