package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bertology.core.metric.Metric;
import org.junit.jupiter.api.Test;

class RandomizationTest {
  private static final int RANDOMIZATIONS = 20_000;

  /** Four standard errors of a fraction near 0.13 of 20,000 tosses: 4·√(0.13·0.87/20,000). */
  private static final double SAMPLING = 0.0096;

  private static final double[] NO_LOSSES = new double[10];

  private static double pValue(Measure measure, Outcomes base, Outcomes variant) {
    return new Randomization(RANDOMIZATIONS, 3).pValues(measure, base, List.of(variant))[0];
  }

  private static Outcomes withLosses(double... losses) {
    return Outcomes.ofClasses(new int[losses.length], new int[losses.length], losses);
  }

  // Expected values: all 2^n swaps, one by one.

  @Test
  void lossesAsTheExactTestOfAllSwaps() {
    Outcomes base = withLosses(new double[10]);
    Outcomes variant = withLosses(0.3, -0.1, 0.4, 0.2, 0.05, -0.02, 0.6, 0.15, 0.1, -0.3);

    assertThat(pValue(Measure.loss(), base, variant)).isCloseTo(136 / 1024.0, within(SAMPLING));
  }

  @Test
  void f1AsTheExactTestOfAllSwaps() {
    int[] labels = {1, 1, 1, 1, 0, 0, 0, 0, 1, 0};
    int[] predicted = {1, 1, 1, 0, 0, 0, 1, 0, 1, 0};
    int[] worse = {1, 0, 0, 0, 1, 0, 1, 1, 1, 0};

    double pValue =
        pValue(
            Measure.of(Metric.F1),
            Outcomes.ofClasses(predicted, labels, NO_LOSSES),
            Outcomes.ofClasses(worse, labels, NO_LOSSES));

    assertThat(pValue).isCloseTo(128 / 1024.0, within(SAMPLING));
  }

  @Test
  void correlationsAsTheExactTestOfAllSwaps() {
    double[] labels = {1.0, 2, 2, 3, 4.5, 5, 0.5, 3.5};
    double[] predicted = {1.1, 1.9, 2.5, 2.9, 4.0, 5.2, 0.9, 3.0};
    double[] worse = {2.0, 1.0, 2.5, 3.5, 2.2, 4.0, 2.0, 1.5};
    Outcomes base = Outcomes.ofNumbers(predicted, labels, new double[8]);
    Outcomes variant = Outcomes.ofNumbers(worse, labels, new double[8]);

    assertThat(pValue(Measure.of(Metric.SPEARMAN), base, variant))
        .isCloseTo(16 / 256.0, within(SAMPLING));
    assertThat(pValue(Measure.of(Metric.PEARSON), base, variant))
        .isCloseTo(4 / 256.0, within(SAMPLING));
  }

  @Test
  void accuracyAsMcNemarsTest() {
    SplittableRandom random = new SplittableRandom(2);
    int[] labels = random.ints(40, 0, 2).toArray();
    int[] predicted = Arrays.stream(labels).map(l -> random.nextInt(10) < 8 ? l : 1 - l).toArray();
    int[] worse = Arrays.stream(labels).map(l -> random.nextInt(10) < 6 ? l : 1 - l).toArray();
    Outcomes base = Outcomes.ofClasses(predicted, labels, new double[40]);
    Outcomes variant = Outcomes.ofClasses(worse, labels, new double[40]);

    double exact = McNemar.pValue(base, variant);

    assertThat(exact).isBetween(0.01, 0.9);
    assertThat(pValue(Measure.of(Metric.ACCURACY), base, variant))
        .isCloseTo(exact, within(4 * Math.sqrt(exact * (1 - exact) / RANDOMIZATIONS)));
  }

  @Test
  void equalOutcomesAreNoEvidence() {
    Outcomes outcomes = withLosses(1, 2, 3);

    assertThat(pValue(Measure.loss(), outcomes, outcomes)).isEqualTo(1);
  }

  @Test
  void theLeastPValueIsOneOverOneMoreThanTheTosses() {
    double[] losses = new double[200];
    Arrays.fill(losses, 1);

    double pValue =
        new Randomization(99, 1)
            .pValues(Measure.loss(), withLosses(new double[200]), List.of(withLosses(losses)))[0];

    assertThat(pValue).isEqualTo(0.01);
  }

  @Test
  void aMeasureThatIsNotDefinedHasNoPValue() {
    Outcomes base =
        Outcomes.ofNumbers(new double[] {1, 2, 3}, new double[] {1, 2, 4}, new double[3]);
    Outcomes constant =
        Outcomes.ofNumbers(new double[] {1, 1, 1}, new double[] {1, 2, 4}, new double[3]);

    assertThat(pValue(Measure.of(Metric.PEARSON), base, constant)).isNaN();
  }

  @Test
  void moreThanSixtyFourExamplesTossACoinEach() {
    double[] losses = new double[70];
    losses[69] = 1;

    double half = 0.5;
    double pValue =
        pValue(Measure.loss(), withLosses(new double[70]), withLosses(withFirst(losses, half)));

    // ±1 ± 0.5 is at least 1.5 on either side where both coins agree.
    assertThat(pValue).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(RANDOMIZATIONS)));
  }

  private static double[] withFirst(double[] values, double first) {
    double[] changed = values.clone();
    changed[0] = first;
    return changed;
  }

  @Test
  void aTestNeedsOneTossAtLeast() {
    assertThatThrownBy(() -> new Randomization(0, 1))
        .hasMessage("randomizations must be at least 1, got 0");
  }
}
