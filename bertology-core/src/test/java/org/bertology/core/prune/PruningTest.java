package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.scoring.Scorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules on a model of two layers of four heads, whose metric falls as heads go. */
class PruningTest {
  private static final double EXACT = 1e-12;
  private static final Metric METRIC = Metric.ACCURACY;
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          new Bert(),
          10,
          8,
          Collections.nCopies(2, new LayerGeometry(4, 2, 6)),
          16,
          2,
          1e-12,
          Activation.GELU,
          2);
  private static final LayerScores SCORES =
      LayerScores.of(new double[][] {{0.1, 0.8, 0.3, 0.6}, {0.5, 0.2, 0.7, 0.4}});
  private static final Schedule HALF = amounts("50%");

  private final List<ModelMask> scored = new ArrayList<>();
  private final List<ModelMask> evaluated = new ArrayList<>();

  /** 1, less a tenth for every head that has gone. */
  private ToDoubleFunction<ModelMask> metric = mask -> 1 - 0.1 * mask.maskedCount(Mask.HEADS);

  private Costs costs = (quantity, mask) -> 100 - 10 * mask.maskedCount(Mask.HEADS);

  private static Schedule amounts(String... amounts) {
    return new Schedule.Amounts(
        Arrays.stream(amounts).map(Amount::parse).toList(), false, Optional.empty());
  }

  private static Schedule loop(double threshold, String amount) {
    return new Schedule.WhileAbove(new Threshold(threshold), Amount.parse(amount));
  }

  private static PruningOptions options(Schedule schedule) {
    return PruningOptions.of(schedule, METRIC)
        .withNormalization(Normalization.NONE)
        .withBaselines(Baselines.NONE);
  }

  private class FixedScorer implements Scorer {
    private final String key;
    private final LayerScores scores;

    FixedScorer(String key, LayerScores scores) {
      this.key = key;
      this.scores = scores;
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public Target target() {
      return Target.HEADS;
    }

    @Override
    public LayerScores scores(ModelMask mask) {
      scored.add(mask);
      return scores;
    }

    @Override
    public void close() {}
  }

  private PruningResult run(PruningOptions options) {
    return run(options, new FixedScorer("gradient", SCORES));
  }

  private PruningResult run(PruningOptions options, Scorer scorer) {
    LayerScores losses = LayerScores.of(new double[][] {{8, 7, 6, 5}, {4, 3, 2, 1}});
    Scorer leaveOneOut = new FixedScorer("leave-one-out", losses);
    return new Pruning(CONFIG, options, scorer, Optional.of(leaveOneOut), this::evaluate, costs)
        .run();
  }

  private Performance evaluate(ModelMask mask) {
    evaluated.add(mask);
    double value = metric.applyAsDouble(mask);
    return new Performance(
        Map.of(METRIC.key(), value, Metric.PERPLEXITY.key(), value), -value, Optional.empty());
  }

  private static List<Integer> counts(Curve curve) {
    return curve.points().stream().map(point -> point.mask().maskedCount(Mask.HEADS)).toList();
  }

  private static ModelMask without(Unit... units) {
    return ModelMask.ones(CONFIG).without(List.of(units));
  }

  @Test
  void oneRankingIsFollowedUpToTheLastAmount() {
    PruningResult result = run(options(amounts("25%", "50%", "75%")));

    assertThat(counts(result.curve())).containsExactly(0, 2, 4, 6);
    assertThat(result.curve().points().get(2).removed())
        .containsExactly(Unit.head(0, 2), Unit.head(1, 3));
    assertThat(result.mask())
        .isEqualTo(
            without(
                Unit.head(0, 0),
                Unit.head(1, 1),
                Unit.head(0, 2),
                Unit.head(1, 3),
                Unit.head(1, 0),
                Unit.head(0, 3)));
    assertThat(result.reason()).isEqualTo(Reason.LAST_AMOUNT);
    assertThat(scored).containsExactly(ModelMask.ones(CONFIG));
    assertThat(result.curve().order()).isEqualTo("gradient");
  }

  @Test
  void scoresAreEstimatedAnewUnderTheMaskBeforeEveryStep() {
    Schedule schedule =
        new Schedule.Amounts(List.of(Amount.of(2), Amount.of(4)), true, Optional.empty());

    PruningResult result = run(options(schedule));

    assertThat(scored)
        .containsExactly(ModelMask.ones(CONFIG), without(Unit.head(0, 0), Unit.head(1, 1)));
    assertThat(counts(result.curve())).containsExactly(0, 2, 4);
  }

  @Test
  void aThresholdChoosesTheLastAmountThatKeepsIt() {
    Schedule schedule =
        new Schedule.Amounts(
            List.of(Amount.of(2), Amount.of(4), Amount.of(8)),
            false,
            Optional.of(new Threshold(0.6)));

    PruningResult result = run(options(schedule));

    assertThat(counts(result.curve())).containsExactly(0, 2, 4, 8);
    assertThat(result.chosen()).isEqualTo(2);
    assertThat(result.reason()).isEqualTo(Reason.KEEPS_THRESHOLD);
    assertThat(result.bound()).hasValue(0.6);
  }

  @Test
  void aMetricThatIsBetterWhereItIsLowerMayRise() {
    metric = mask -> 10 + mask.maskedCount(Mask.HEADS);
    Schedule schedule =
        new Schedule.Amounts(
            List.of(Amount.of(2), Amount.of(4), Amount.of(6)),
            false,
            Optional.of(new Threshold(0.8)));

    PruningResult result = run(options(schedule).withMetric(Metric.PERPLEXITY));

    assertThat(result.bound()).hasValue(12.5);
    assertThat(result.chosen()).isEqualTo(1);
    assertThat(result.reason()).isEqualTo(Reason.KEEPS_THRESHOLD);
  }

  @Test
  void everythingIsNeverTheResultEvenIfTheMetricDoesNotMind() {
    metric = mask -> 1;
    Schedule schedule =
        new Schedule.Amounts(
            List.of(Amount.of(4), Amount.of(8)), false, Optional.of(new Threshold(0.9)));

    PruningResult result = run(options(schedule));

    assertThat(counts(result.curve())).containsExactly(0, 4, 8);
    assertThat(result.chosen()).isEqualTo(1);
  }

  @Test
  void nothingGoesWhereNoStepKeepsTheThreshold() {
    PruningResult result = run(options(loop(0.95, "1")));

    assertThat(result.mask()).isEqualTo(ModelMask.ones(CONFIG));
    assertThat(result.reason()).isEqualTo(Reason.NOTHING_KEEPS_THRESHOLD);
    assertThat(counts(result.curve())).containsExactly(0, 1);
  }

  @Test
  void theLoopEndsAtTheFirstStepBelowTheThresholdAndTakesTheOneBefore() {
    PruningResult result = run(options(loop(0.65, "0.25")));

    assertThat(counts(result.curve())).containsExactly(0, 2, 4);
    assertThat(result.mask()).isEqualTo(without(Unit.head(0, 0), Unit.head(1, 1)));
    assertThat(scored)
        .containsExactly(ModelMask.ones(CONFIG), without(Unit.head(0, 0), Unit.head(1, 1)));
  }

  @Test
  void theLoopEndsWithOneUnitLeftIfTheMetricNeverFalls() {
    metric = mask -> 1;

    PruningResult result = run(options(loop(0.9, "3")));

    assertThat(counts(result.curve())).containsExactly(0, 3, 6, 7);
    assertThat(result.mask()).isEqualTo(result.curve().last().mask());
    assertThat(result.reason()).isEqualTo(Reason.KEEPS_THRESHOLD);
  }

  @Test
  void theLoopEndsWhereTheRestOfEveryLayerIsToBeKept() {
    metric = mask -> 1;
    PruningOptions kept =
        options(loop(0.9, "3")).withRules(SelectionRules.NONE.withKeepPerLayer(2));

    PruningResult result = run(kept);

    assertThat(counts(result.curve())).containsExactly(0, 3, 4);
    assertThat(result.mask().factors(Mask.HEADS))
        .isDeepEqualTo(new double[][] {{0, 1, 0, 1}, {1, 0, 1, 0}});
  }

  @ParameterizedTest
  @CsvSource({"0.8, 0.72", "0, -0.1", "-0.3, -0.4"})
  void theThresholdIsAFractionOfAPositiveMetricAndElseADistance(double original, double bound) {
    assertThat(new Threshold(0.9).bound(METRIC, original)).isCloseTo(bound, within(EXACT));
  }

  @ParameterizedTest
  @CsvSource({"18, 20", "0, 0.1", "-0.3, -0.2"})
  void theThresholdOfALowerMetricIsAbove(double original, double bound) {
    assertThat(new Threshold(0.9).bound(Metric.PERPLEXITY, original))
        .isCloseTo(bound, within(EXACT));
  }

  @Test
  void theLoopEndsWithAMetricOfZero() {
    metric = mask -> -0.06 * mask.maskedCount(Mask.HEADS);

    PruningResult result = run(options(loop(0.9, "1")));

    assertThat(counts(result.curve())).containsExactly(0, 1, 2);
    assertThat(result.chosen()).isEqualTo(1);
  }

  @Test
  void aMetricThatIsNotANumberKeepsNoThreshold() {
    metric = mask -> mask.maskedCount(Mask.HEADS) < 2 ? 1 : Double.NaN;

    PruningResult result = run(options(loop(0.5, "1")));

    assertThat(result.chosen()).isEqualTo(1);
    assertThat(counts(result.curve())).containsExactly(0, 1, 2);
  }

  @Test
  void aThresholdOfNoNumberIsRefused() {
    metric = mask -> Double.NaN;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(loop(0.5, "1"))))
        .withMessage(
            "the whole model's metric is not a number, so that no threshold can be derived from it; use another metric, or amounts without a threshold");
  }

  @ParameterizedTest
  @CsvSource({"0.0", "-0.5", "1.01", "NaN"})
  void aThresholdOutOfRangeIsRefused(double fraction) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Threshold(fraction))
        .withMessage(
            "a threshold is a fraction of the whole model's metric, above 0 and up to 1; got %s"
                .formatted(fraction));
  }

  @Test
  void asFewUnitsGoAsMeetTheBudget() {
    Schedule schedule = new Schedule.ToBudget(Budget.parse("parameters=65%"));

    PruningResult result = run(options(schedule));

    assertThat(counts(result.curve())).containsExactly(0, 4);
    assertThat(result.bound()).hasValue(65);
    assertThat(result.reason()).isEqualTo(Reason.MEETS_BUDGET);
    assertThat(result.measurements())
        .containsExactly(
            new CostMeasurement(0, 100),
            new CostMeasurement(7, 30),
            new CostMeasurement(4, 60),
            new CostMeasurement(2, 80),
            new CostMeasurement(3, 70));
  }

  @Test
  void aBudgetOutOfReachIsRefused() {
    Schedule schedule = new Schedule.ToBudget(Budget.parse("parameters=10"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(schedule)))
        .withMessage(
            "the budget of 10 parameters is out of reach: the whole model has 100 parameters, and without 7 heads it has 30 parameters; allow more, keep fewer per layer, or prune something else as well");
  }

  @Test
  void aBudgetThatIsMetAlreadyIsRefused() {
    costs = (quantity, mask) -> 0.004;
    Schedule schedule = new Schedule.ToBudget(Budget.parse("latency=5ms"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(schedule)))
        .withMessage("the whole model already meets the budget: 4.000 ms, at most 5.000 ms");
  }

  @Test
  void aGivenMaskIsEvaluatedAsItIs() {
    ModelMask given = ModelMask.ones(CONFIG).without(List.of(Unit.head(1, 1), Unit.neuron(0, 5)));

    PruningResult result = run(options(new Schedule.Given(given)));

    assertThat(result.mask()).isEqualTo(given);
    assertThat(result.reason()).isEqualTo(Reason.GIVEN);
    assertThat(scored).isEmpty();
    assertThat(evaluated).containsExactly(ModelMask.ones(CONFIG), given);
  }

  @Test
  void aMaskThatScalesCannotBeCut() {
    ModelMask half = ModelMask.ones(CONFIG).with(List.of(Unit.head(0, 0)), 0.5f);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(new Schedule.Given(half))))
        .withMessageStartingWith("a mask with factors other than 0 and 1 scales what it masks");
    assertThat(evaluated).isEmpty();
  }

  @Test
  void aMaskOfNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule.Given(ModelMask.ones(CONFIG)))
        .withMessage("the mask takes nothing away");
  }

  @Test
  void allHeadsOfAllLayersAreNotCut() {
    ModelMask none = ModelMask.ones(CONFIG).without(ModelMask.ones(CONFIG).units(Mask.HEADS));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(new Schedule.Given(none))))
        .withMessage("all 8 heads of all layers are to go; keep at least one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options(amounts("50%", "100%"))))
        .withMessage(
            "the last amount takes all 8 heads of the model and is what would be cut; end below that, keep some per layer, or give a threshold by which a step is chosen");
    assertThat(evaluated).isEmpty();
  }

  @Test
  void anAmountIsOfTheUnitsThatMayGo() {
    PruningOptions kept =
        options(amounts("100%")).withRules(SelectionRules.NONE.withKeepPerLayer(3));

    PruningResult result = run(kept);

    assertThat(counts(result.curve())).containsExactly(0, 2);
  }

  @Test
  void otherOrdersAreFollowedToTheSameNumbers() {
    PruningResult result = run(options(amounts("25%", "50%")).withBaselines(Baselines.all()));

    assertThat(result.baselines())
        .extracting(Curve::order)
        .containsExactly(
            "reverse", "leave-one-out", "random-1", "random-2", "random-3", "random-4", "random-5");
    assertThat(result.baselines()).allSatisfy(c -> assertThat(counts(c)).containsExactly(0, 2, 4));
    assertThat(result.baselines().get(0).points().get(1).removed())
        .containsExactly(Unit.head(0, 1), Unit.head(1, 2));
    assertThat(result.baselines().get(1).last().mask())
        .isEqualTo(without(Unit.head(1, 0), Unit.head(1, 1), Unit.head(1, 2), Unit.head(1, 3)));
  }

  @Test
  void randomOrdersDependOnTheSeedAlone() {
    PruningOptions random = options(HALF).withBaselines(Baselines.NONE.withRandomDraws(2));

    PruningResult one = run(random);
    PruningResult again = run(random);
    PruningResult other = run(random.withSeed(7));

    assertThat(again.baselines()).isEqualTo(one.baselines());
    assertThat(other.baselines()).isNotEqualTo(one.baselines());
    assertThat(one.baselines().get(0).last()).isNotEqualTo(one.baselines().get(1).last());
  }

  @Test
  void scoresAreNormalisedByLayerBeforeTheyAreCompared() {
    LayerScores steep = LayerScores.of(new double[][] {{1, 2, 3, 4}, {30, 30, 30, 30}});
    PruningOptions byLayer = PruningOptions.of(amounts("3"), METRIC).withBaselines(Baselines.NONE);

    PruningResult result = run(byLayer, new FixedScorer("gradient", steep));

    // 1 and 2 of the norm 5.48, then 30 of the norm 60.
    assertThat(result.mask()).isEqualTo(without(Unit.head(0, 0), Unit.head(0, 1), Unit.head(1, 0)));
  }

  @Test
  void whatHasGoneCountsForNothingInTheNormsOfLayers() {
    // With the 9 of what went first, the first layer's norm would be 9.5 and its 1 the next.
    LayerScores before = LayerScores.of(new double[][] {{1, 2, 2, 0}, {5, 5, 5, 5}});
    LayerScores after = LayerScores.of(new double[][] {{1, 2, 2, 9}, {2, 5, 5, 5}});
    Scorer changing =
        new FixedScorer("gradient", before) {
          @Override
          public LayerScores scores(ModelMask mask) {
            return mask.kinds().isEmpty() ? before : after;
          }
        };
    Schedule schedule =
        new Schedule.Amounts(List.of(Amount.of(1), Amount.of(2)), true, Optional.empty());
    PruningOptions byLayer = PruningOptions.of(schedule, METRIC).withBaselines(Baselines.NONE);

    PruningResult result = run(byLayer, changing);

    assertThat(result.mask()).isEqualTo(without(Unit.head(0, 3), Unit.head(1, 0)));
  }

  @Test
  void theAreaIsTheMeanOfTheMetricOnTheWay() {
    Curve curve =
        run(options(amounts("2", "4", "8", "6")).withRules(SelectionRules.NONE.withKeepPerLayer(1)))
            .curve();

    // 1, 0.8, 0.6 and 0.4 at 0, 2, 4 and 6 heads.
    assertThat(counts(curve)).containsExactly(0, 2, 4, 6);
    assertThat(curve.area(METRIC.key(), Mask.HEADS)).isCloseTo(0.7, within(EXACT));
  }

  @Test
  void leaveOneOutNeedsItsScorer() {
    PruningOptions options = options(HALF).withBaselines(Baselines.all());

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Pruning(
                    CONFIG,
                    options,
                    new FixedScorer("gradient", SCORES),
                    Optional.empty(),
                    this::evaluate,
                    costs))
        .withMessage("the leave-one-out order needs its scorer");
  }
}
