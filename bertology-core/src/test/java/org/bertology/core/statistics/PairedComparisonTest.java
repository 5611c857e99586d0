package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.bertology.core.metric.Metric;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  private static final int EXAMPLES = 500;

  /** Four standard errors of a 2.5 % quantile of 1,000 normal draws, in their deviations. */
  private static final double QUANTILE_ERROR = 0.34;

  private static final PairedComparison COMPARISON = PairedComparison.defaults();

  private final SplittableRandom random = new SplittableRandom(11);
  private final int[] labels = random.ints(EXAMPLES, 0, 2).toArray();
  private final double[] losses = random.doubles(EXAMPLES, 0, 5).toArray();

  private Outcomes outcomes(double accuracy, double[] losses) {
    int[] predicted =
        Arrays.stream(labels).map(l -> random.nextDouble() < accuracy ? l : 1 - l).toArray();
    return Outcomes.ofClasses(predicted, labels, losses);
  }

  private static double[] plus(double[] values, DoubleStream more) {
    double[] sum = more.limit(values.length).toArray();
    Arrays.setAll(sum, i -> sum[i] + values[i]);
    return sum;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @Test
  void theIntervalOfALossIsThatOfTheNormalDistribution() {
    Outcomes base = outcomes(0.9, losses);
    double error = deviation(losses) / Math.sqrt(EXAMPLES);

    Interval interval = COMPARISON.interval(Measure.loss(), base).orElseThrow();

    double mean = Measure.loss().of(base);
    assertThat(interval.low()).isCloseTo(mean - 1.96 * error, within(QUANTILE_ERROR * error));
    assertThat(interval.high()).isCloseTo(mean + 1.96 * error, within(QUANTILE_ERROR * error));
    assertThat(interval.contains(mean)).isTrue();
  }

  @Test
  void aDifferenceIsMoreCertainThanBothOfItsSides() {
    double[] more = random.doubles(EXAMPLES, 0, 0.1).toArray();
    Outcomes base = outcomes(0.9, losses);
    Outcomes variant = outcomes(0.9, plus(losses, Arrays.stream(more)));
    double error = deviation(more) / Math.sqrt(EXAMPLES);

    PairedDifference difference = COMPARISON.of(Measure.loss(), base, List.of(variant)).get(0);

    double mean = Arrays.stream(more).average().orElseThrow();
    Interval interval = difference.interval().orElseThrow();
    assertThat(difference.difference()).isCloseTo(mean, within(1e-12));
    assertThat(interval.low()).isCloseTo(mean - 1.96 * error, within(QUANTILE_ERROR * error));
    assertThat(interval.high()).isCloseTo(mean + 1.96 * error, within(QUANTILE_ERROR * error));
    assertThat(difference.pValue()).isEqualTo(1e-4);
    assertThat(difference.isSignificant(0.05)).isTrue();
  }

  @Test
  void accuracyIsTestedExactlyAndCorrectedForTheNumberOfVariants() {
    Outcomes base = outcomes(0.9, losses);
    List<Outcomes> variants =
        List.of(outcomes(0.9, losses), outcomes(0.8, losses), outcomes(0.84, losses), base);

    List<PairedDifference> differences = COMPARISON.of(Measure.of(Metric.ACCURACY), base, variants);

    double[] exact = variants.stream().mapToDouble(v -> McNemar.pValue(base, v)).toArray();
    assertThat(differences).extracting(PairedDifference::pValue).containsExactly(boxed(exact));
    assertThat(differences)
        .extracting(PairedDifference::correctedPValue)
        .containsExactly(boxed(Correction.HOLM.of(exact)));
    assertThat(differences.get(1).value())
        .isEqualTo(variants.get(1).answers().tally().orElseThrow().right() / 500.0);
    assertThat(differences.get(3))
        .extracting(PairedDifference::difference, PairedDifference::pValue)
        .containsExactly(0.0, 1.0);
  }

  private static Double[] boxed(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  @Test
  void aVariantsNumbersDependOnNoOtherVariant() {
    Outcomes base = outcomes(0.9, losses);
    Outcomes variant = outcomes(0.8, plus(losses, random.doubles()));
    Outcomes other = outcomes(0.7, plus(losses, random.doubles()));
    PairedComparison uncorrected = COMPARISON.withCorrection(Correction.NONE);

    for (Metric metric : List.of(Metric.F1, Metric.MATTHEWS)) {
      Measure measure = Measure.of(metric);
      assertThat(uncorrected.of(measure, base, List.of(other, variant)).get(1))
          .isEqualTo(uncorrected.of(measure, base, List.of(variant)).get(0));
    }
    assertThat(uncorrected.of(Measure.loss(), base, List.of(other, variant)).get(1))
        .isEqualTo(uncorrected.of(Measure.loss(), base, List.of(variant)).get(0));
  }

  @Test
  void withoutResamplesThereAreNoIntervals() {
    Outcomes base = outcomes(0.9, losses);
    PairedComparison comparison = COMPARISON.withResamples(0);

    assertThat(comparison.interval(Measure.loss(), base)).isEmpty();
    assertThat(comparison.of(Measure.loss(), base, List.of(base)).get(0).interval()).isEmpty();
    assertThat(COMPARISON.of(Measure.loss(), base, List.of())).isEmpty();
  }

  @Test
  void correlationsOfNumbersHaveIntervals() {
    double[] targets = random.doubles(EXAMPLES, 0, 5).toArray();
    double[] predicted = plus(targets, random.doubles());
    double[] worse = plus(targets, random.doubles(0, 8));
    Outcomes base = Outcomes.ofNumbers(predicted, targets, losses);
    Outcomes variant = Outcomes.ofNumbers(worse, targets, losses);

    PairedDifference difference =
        COMPARISON.of(Measure.of(Metric.SPEARMAN), base, List.of(variant)).get(0);

    assertThat(difference.difference()).isNegative();
    assertThat(difference.interval().orElseThrow().contains(difference.difference())).isTrue();
    assertThat(difference.interval().orElseThrow().high()).isNegative();
    assertThat(difference.pValue()).isEqualTo(1e-4);
  }

  @Test
  void aMetricOfTheOtherKindIsRefused() {
    Outcomes numbers =
        Outcomes.ofNumbers(new double[] {1, 2}, new double[] {1, 3}, new double[] {0, 1});

    assertThatThrownBy(() -> COMPARISON.of(Measure.of(Metric.ACCURACY), numbers, List.of(numbers)))
        .hasMessage("accuracy compares class indices, got real numbers; use pearson or spearman");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> COMPARISON.withResamples(-1))
        .hasMessage("resamples must not be negative, got -1");
    assertThatThrownBy(() -> COMPARISON.withRandomizations(0))
        .hasMessage("randomizations must be at least 1, got 0");
    assertThatThrownBy(() -> new Bootstrap(0, 1)).hasMessage("resamples must be at least 1, got 0");
    assertThatThrownBy(() -> Outcomes.ofNumbers(new double[1], new double[2], new double[2]))
        .hasMessage("expected one prediction per label, got 1 predictions and 2 labels");
  }
}
