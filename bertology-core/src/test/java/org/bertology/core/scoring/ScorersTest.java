package org.bertology.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.data.Label;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Intervals;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a model of three layers of four heads, three examples, in double arithmetic. */
class ScorersTest {
  private static final int LAYERS = 3;
  private static final int HEADS = 4;

  /** Sums of doubles in different orders. */
  private static final double ROUNDING = 1e-12;

  private static final ScorerOptions OPTIONS =
      ScorerOptions.defaults()
          .withResamples(0)
          .withRun(RunSettings.defaults().withBatchTokens(100).withWorkers(1));

  @TempDir Path directory;

  private GoldenModel golden;
  private ModelMask ones;

  @BeforeEach
  void openModel() {
    golden = new GoldenModel(directory, "bert-sequence-classification");
    ones = ModelMask.ones(golden.model().config());
  }

  @AfterEach
  void closeModel() {
    golden.close();
  }

  private Scorers scorers(ScorerOptions options) {
    return new Scorers(golden.model(), golden.data(), Metric.ACCURACY, options, StepLog.inMemory());
  }

  private Scoring scoring(String key, ScorerOptions options, ModelMask mask) {
    try (Scorer scorer = scorers(options).open(key)) {
      assertThat(scorer.key()).isEqualTo(key);
      assertThat(scorer.target()).isEqualTo(options.target());
      return scorer.scoring(mask);
    }
  }

  private double[] scores(String key, ScorerOptions options, ModelMask mask) {
    return scoring(key, options, mask).scores().flat();
  }

  private Outcomes at(ModelMask mask) {
    return Outcomes.of(Evaluation.of(golden.model(), golden.data(), mask, OPTIONS.run()));
  }

  @Test
  void everyKeyOpensAScorerOfItsName() {
    assertThat(Scorers.keys())
        .containsExactly(
            "gradient",
            "token-gradient",
            "batch-gradient",
            "hf-script",
            "fisher",
            "signed",
            "leave-one-out",
            "leave-one-out-metric",
            "shapley",
            "magnitude",
            "random");
    for (String key : Scorers.keys()) {
      assertThat(scores(key, OPTIONS, ones)).hasSize(LAYERS * HEADS);
    }
  }

  @Test
  void aKeyThatDoesNotExistIsRefusedWithThoseThatResembleIt() {
    assertThatThrownBy(() -> scorers(OPTIONS).open("shaply"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no criterion is named 'shaply'; did you mean 'shapley'?");
  }

  @ParameterizedTest
  @EnumSource
  void gradientScoresAreThoseOfImportanceAtTheMask(Criterion criterion) {
    ModelMask mask = ones.without(List.of(Unit.head(1, 1)));
    ImportanceOptions options =
        ImportanceOptions.defaults().withResamples(0).withRun(OPTIONS.run());
    Importance importance = Importance.of(golden.model(), golden.data(), mask, options);

    double[] scores = scores(criterion.key(), OPTIONS.withNormalization(Normalization.LAYER), mask);

    assertThat(scores).containsExactly(importance.scores(criterion, Normalization.LAYER).flat());
  }

  @ParameterizedTest
  @EnumSource
  void leaveOneOutIsTheRiseOfTheLossWithoutEachUnit(Target target) {
    Unit gone = target == Target.LAYERS ? Unit.layer(1) : new Unit(target.mask(), 1, 1);
    ModelMask mask = ones.without(List.of(gone));
    double before = Measure.loss().of(at(mask));

    double[] scores = scores("leave-one-out", OPTIONS.withTarget(target), mask);

    List<Unit> units = mask.units(target.mask());
    assertThat(scores).hasSize(units.size());
    for (int i = 0; i < units.size(); i++) {
      double without = Measure.loss().of(at(mask.without(List.of(units.get(i)))));
      assertThat(scores[i]).isCloseTo(without - before, within(ROUNDING));
    }
    assertThat(Arrays.stream(scores).filter(score -> score != 0)).hasSize(units.size() - 1);
  }

  @Test
  void leaveOneOutOfAMetricIsItsFall() {
    Measure accuracy = Measure.of(Metric.ACCURACY);
    // With labels that it gets right, every change is a fall.
    Predictions whole = Evaluation.of(golden.model(), golden.data(), OPTIONS.run());
    List<EncodedExample> relabelled =
        golden.data().examples().stream()
            .map(
                e ->
                    new EncodedExample(
                        e.index(),
                        e.ids(),
                        e.types(),
                        Optional.of(
                            new Label.ClassIndex((int) whole.of(e.index()).get(0).value()))))
            .toList();
    EncodedData data = new EncodedData(relabelled, 0);
    double[] expected =
        ones.units(Mask.HEADS).stream()
            .mapToDouble(
                unit ->
                    1
                        - accuracy.of(
                            Outcomes.of(
                                Evaluation.of(
                                    golden.model(),
                                    data,
                                    ones.without(List.of(unit)),
                                    OPTIONS.run()))))
            .toArray();

    try (Scorer scorer = LeaveOneOutScorer.open(golden.model(), data, accuracy, OPTIONS)) {
      assertThat(scorer.scores(ones).flat()).containsExactly(expected, within(ROUNDING));
    }
  }

  @Test
  void leaveOneOutHasIntervalsThatEncloseTheScores() {
    Scoring scoring = scoring("leave-one-out", OPTIONS.withResamples(300), ones);

    Intervals intervals = scoring.intervals().orElseThrow();
    double[] flat = scoring.scores().flat();
    for (int unit = 0; unit < flat.length; unit++) {
      assertThat(flat[unit]).isBetween(intervals.low(unit), intervals.high(unit));
    }
  }

  @Test
  void examplesWithoutLabelsAreRefused() {
    List<EncodedExample> unlabelled =
        golden.data().examples().stream()
            .map(e -> new EncodedExample(e.index(), e.ids(), e.types(), Optional.empty()))
            .toList();

    assertThatThrownBy(
            () ->
                LeaveOneOutScorer.open(
                    golden.model(), new EncodedData(unlabelled, 0), Measure.loss(), OPTIONS))
        .hasMessage(
            "scores that are differences of losses need a label for every example; name the column");
  }

  private double[] weight(String name) {
    return golden.model().checkpoint().weights().get(name).toDoubles();
  }

  @Test
  void theMagnitudeOfAHeadIsThatOfWhatIsCutWithIt() {
    int head = 2;
    int size = golden.model().config().layers().get(1).headSize();
    String layer = "bert.encoder.layer.1.attention.";
    double sum = 0;
    for (String map : List.of("query", "key", "value")) {
      double[] weights = weight(layer + "self." + map + ".weight");
      int width = weights.length / (HEADS * size);
      sum += squares(weights, head * size * width, size * width);
      sum += squares(weight(layer + "self." + map + ".bias"), head * size, size);
    }
    double[] output = weight(layer + "output.dense.weight");
    for (int row = 0; row < output.length / (HEADS * size); row++) {
      sum += squares(output, (row * HEADS + head) * size, size);
    }

    assertThat(scoring("magnitude", OPTIONS, ones).scores().get(1, head))
        .isCloseTo(Math.sqrt(sum), within(ROUNDING));
  }

  @Test
  void theMagnitudeOfANeuronIsThatOfItsRowAndColumn() {
    int neuron = 5;
    int neurons = golden.model().config().layers().get(2).intermediateSize();
    String layer = "bert.encoder.layer.2.";
    double[] rows = weight(layer + "intermediate.dense.weight");
    int width = rows.length / neurons;
    double sum = squares(rows, neuron * width, width);
    sum += squares(weight(layer + "intermediate.dense.bias"), neuron, 1);
    double[] columns = weight(layer + "output.dense.weight");
    for (int row = 0; row < width; row++) {
      sum += squares(columns, row * neurons + neuron, 1);
    }

    LayerScores scores = scoring("magnitude", OPTIONS.withTarget(Target.NEURONS), ones).scores();

    assertThat(scores.get(2, neuron)).isCloseTo(Math.sqrt(sum), within(ROUNDING));
  }

  @Test
  void theMagnitudeOfALayerIsThatOfAllItsWeights() {
    double sum =
        golden.model().checkpoint().weights().names().stream()
            .filter(name -> name.startsWith("bert.encoder.layer.0."))
            .map(golden.model().checkpoint().weights()::get)
            .map(Tensor::toDoubles)
            .mapToDouble(values -> squares(values, 0, values.length))
            .sum();

    LayerScores scores = scoring("magnitude", OPTIONS.withTarget(Target.LAYERS), ones).scores();

    assertThat(scores.get(0, 0)).isCloseTo(Math.sqrt(sum), within(ROUNDING));
  }

  private static double squares(double[] values, int start, int count) {
    return Arrays.stream(values, start, start + count).map(value -> value * value).sum();
  }

  @Test
  void randomScoresAreAnOrderThatTheSeedDecides() {
    double[] one = scores("random", OPTIONS.withSeed(1), ones);
    double[] other = scores("random", OPTIONS.withSeed(2), ones);

    double[] sorted = one.clone();
    Arrays.sort(sorted);
    assertThat(sorted)
        .containsExactly(IntStream.rangeClosed(1, 12).mapToDouble(i -> i / 12.0).toArray());
    assertThat(scores("random", OPTIONS.withSeed(1), ones)).containsExactly(one);
    assertThat(other).isNotEqualTo(one);
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> OPTIONS.withPermutations(0))
        .hasMessage("permutations must be at least 1, got 0");
    assertThatThrownBy(() -> OPTIONS.withBatchSize(0))
        .hasMessage("batch size must be at least 1, got 0");
    assertThatThrownBy(() -> OPTIONS.withResamples(-1))
        .hasMessage("resamples must not be negative, got -1");
  }
}
