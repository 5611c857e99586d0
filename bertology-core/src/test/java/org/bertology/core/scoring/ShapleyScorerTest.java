package org.bertology.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.core.GoldenModel;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.Target;
import org.bertology.core.journal.Journal;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Intervals;
import org.bertology.core.statistics.Measure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a model of three layers of four heads, three examples, in double arithmetic. */
class ShapleyScorerTest {
  private static final int HEADS = 12;
  private static final int EXAMPLES = 3;

  /** Losses are doubles; contributions are sums of up to 12 differences of them. */
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

  private ShapleyScorer scorer(ScorerOptions options) {
    return ShapleyScorer.open(golden.model(), golden.data(), options);
  }

  private Predictions at(ModelMask mask) {
    return Evaluation.of(golden.model(), golden.data(), mask, OPTIONS.run());
  }

  /** Two heads of the first layer and one of each other. */
  private static final List<Unit> PLAYERS =
      List.of(Unit.head(0, 1), Unit.head(0, 3), Unit.head(1, 0), Unit.head(2, 2));

  private ModelMask withOnly(List<Unit> players) {
    List<Unit> others = new ArrayList<>(ones.units(Mask.HEADS));
    others.removeAll(players);
    return ones.without(others);
  }

  /** The negative loss of every example with each subset of the players, by the subset's bits. */
  private double[][] worth() {
    double[][] worth = new double[1 << PLAYERS.size()][];
    for (int subset = 0; subset < worth.length; subset++) {
      Predictions predictions = at(withOnly(players(subset)));
      worth[subset] = IntStream.range(0, EXAMPLES).mapToDouble(n -> -predictions.loss(n)).toArray();
    }
    return worth;
  }

  private static List<Unit> players(int subset) {
    return IntStream.range(0, PLAYERS.size())
        .filter(i -> (subset >> i & 1) == 1)
        .mapToObj(PLAYERS::get)
        .toList();
  }

  /** The mean and, behind it, the mean square of a player's contribution over all orders. */
  private static double[] moments(double[][] worth, int example, int player) {
    double[] orders = {6, 2, 2, 6}; // of the 24, by how many players come before
    double[] moments = new double[2];
    for (int subset = 0; subset < worth.length; subset++) {
      if ((subset >> player & 1) == 0) {
        double gain = worth[subset | 1 << player][example] - worth[subset][example];
        double weight = orders[Integer.bitCount(subset)] / 24;
        moments[0] += weight * gain;
        moments[1] += weight * gain * gain;
      }
    }
    return moments;
  }

  @Test
  void sampledValuesApproachTheSumOverAllSubsets() {
    double[][] worth = worth();
    int permutations = 600;

    ShapleyValues values;
    try (ShapleyScorer scorer = scorer(OPTIONS.withPermutations(permutations))) {
      values = scorer.values(withOnly(PLAYERS));
    }

    for (int n = 0; n < EXAMPLES; n++) {
      double[] units = values.example(n);
      for (int player = 0; player < PLAYERS.size(); player++) {
        int unit = 4 * PLAYERS.get(player).layer() + PLAYERS.get(player).index();
        double[] moments = moments(worth, n, player);
        double deviation = Math.sqrt(moments[1] - moments[0] * moments[0]);
        assertThat(units[unit])
            .isCloseTo(moments[0], within(4 * deviation / Math.sqrt(permutations)));
        assertThat(Math.abs(moments[0])).isGreaterThan(deviation / 10);
      }
    }
  }

  @Test
  void valuesOfAnExampleAddUpToTheDifferenceBetweenAllAndNone() {
    Predictions all = at(ones);
    Predictions none = at(ones.without(ones.units(Mask.HEADS)));

    ShapleyValues values;
    try (ShapleyScorer scorer = scorer(OPTIONS.withPermutations(2))) {
      values = scorer.values(ones);
    }

    for (int n = 0; n < EXAMPLES; n++) {
      assertThat(Arrays.stream(values.example(n)).sum())
          .isCloseTo(none.loss(n) - all.loss(n), within(ROUNDING));
    }
    assertThat(Arrays.stream(values.scores().flat()).sum())
        .isCloseTo(none.meanLoss() - all.meanLoss(), within(ROUNDING));
  }

  @Test
  void aSinglePlayersValueIsWhatIsLostWithoutIt() {
    ModelMask mask = withOnly(List.of(Unit.head(1, 2)));
    double lost = at(withOnly(List.of())).meanLoss() - at(mask).meanLoss();

    try (ShapleyScorer scorer = scorer(OPTIONS)) {
      double[] flat = scorer.scores(mask).flat();

      assertThat(flat[4 + 2]).isCloseTo(lost, within(ROUNDING)).isNotZero();
      assertThat(Arrays.stream(flat).filter(value -> value == 0)).hasSize(HEADS - 1);
    }
  }

  @Test
  void scalingFactorsAndMasksOfOtherKindsStay() {
    List<Unit> players = List.of(Unit.head(1, 2));
    ModelMask mask =
        withOnly(players).with(players, 0.5f).without(List.of(Unit.neuron(0, 3), Unit.layer(2)));
    double lost = at(mask.without(players)).meanLoss() - at(mask).meanLoss();

    try (ShapleyScorer scorer = scorer(OPTIONS)) {
      assertThat(scorer.scores(mask).get(1, 2)).isCloseTo(lost, within(ROUNDING)).isNotZero();
    }
  }

  @Test
  void layersAddUpToo() {
    double none = at(ones.without(ones.units(Mask.LAYERS))).meanLoss();

    try (ShapleyScorer scorer = scorer(OPTIONS.withTarget(Target.LAYERS))) {
      double[] flat = scorer.scores(ones).flat();

      assertThat(flat).hasSize(3);
      assertThat(Arrays.stream(flat).sum()).isCloseTo(none - at(ones).meanLoss(), within(ROUNDING));
    }
  }

  @Test
  void valuesOfTheAccuracyAddUpToItsDifference() {
    int all = at(ones).correct();
    int none = at(ones.without(ones.units(Mask.HEADS))).correct();

    try (ShapleyScorer scorer =
        ShapleyScorer.open(
            golden.model(),
            golden.data(),
            Measure.of(Metric.ACCURACY),
            OPTIONS,
            StepLog.inMemory())) {
      assertThat(Arrays.stream(scorer.scores(ones).flat()).sum())
          .isCloseTo((all - none) / 3.0, within(ROUNDING));
    }
  }

  @Test
  void theSameSeedGivesTheSameValuesWhateverTheBatches() {
    try (ShapleyScorer one = scorer(OPTIONS);
        ShapleyScorer same = scorer(OPTIONS.withRun(RunSettings.defaults().withBatchTokens(20)));
        ShapleyScorer other = scorer(OPTIONS.withSeed(7))) {
      double[] values = one.scores(ones).flat();

      assertThat(same.scores(ones).flat()).containsExactly(values, within(ROUNDING));
      assertThat(one.scores(ones).flat()).containsExactly(values);
      assertThat(other.scores(ones).flat()).isNotEqualTo(values);
    }
  }

  @Test
  void intervalsEncloseTheScores() {
    try (ShapleyScorer scorer = scorer(OPTIONS.withResamples(200))) {
      Scoring scoring = scorer.scoring(ones);

      Intervals intervals = scoring.intervals().orElseThrow();
      double[] flat = scoring.scores().flat();
      for (int unit = 0; unit < HEADS; unit++) {
        assertThat(flat[unit]).isBetween(intervals.low(unit), intervals.high(unit));
        assertThat(intervals.high(unit)).isGreaterThan(intervals.low(unit));
      }
      assertThat(scorer.orders()).isEqualTo(3);
    }
  }

  @Test
  void aKilledComputationGoesOnAndGivesTheSameNumbers() {
    ScorerOptions options = OPTIONS.withPermutations(3);
    double[] uninterrupted;
    try (ShapleyScorer scorer = scorer(options)) {
      uninterrupted = scorer.scores(ones).flat();
    }

    // Three examples are one block, so the second permutation's end is the second step's.
    RunSettings failing =
        options
            .run()
            .withProgress(
                (done, total) -> {
                  assertThat(total).isEqualTo(3 * 3 * (HEADS + 1));
                  if (done > 2 * total / 3) {
                    throw new CancellationException("killed");
                  }
                });
    try (Journal journal = journal();
        ShapleyScorer scorer = logged(options.withRun(failing), journal)) {
      assertThatThrownBy(() -> scorer.scores(ones)).hasMessage("killed");
    }
    List<Integer> reported = new ArrayList<>();
    RunSettings listening = options.run().withProgress((done, total) -> reported.add(done));
    double[] resumed;
    try (Journal journal = journal();
        ShapleyScorer scorer = logged(options.withRun(listening), journal)) {
      assertThat(journal.earlier()).hasSize(2);
      resumed = scorer.scores(ones).flat();
    }

    assertThat(resumed).containsExactly(uninterrupted);
    assertThat(reported).allMatch(done -> done > 2 * 3 * (HEADS + 1));
  }

  private Journal journal() {
    return Journal.open(directory.resolve("a.journal"), new JsonObject(), Existing.REFUSE);
  }

  private ShapleyScorer logged(ScorerOptions options, Journal journal) {
    return ShapleyScorer.open(
        golden.model(), golden.data(), Measure.loss(), options, StepLog.of(journal));
  }

  @Test
  void aMeasureThatIsNoMeanOverExamplesIsRefused() {
    assertThatThrownBy(
            () ->
                ShapleyScorer.open(
                    golden.model(),
                    golden.data(),
                    Measure.of(Metric.F1),
                    OPTIONS,
                    StepLog.inMemory()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Shapley values are of a mean over examples, the loss or the accuracy of one answer each, got f1");
  }
}
