package org.bertology.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void tiesShareTheMeanOfTheirRanks() {
    assertThat(Ranks.average(new double[] {3, 1, 3, 2, 3})).containsExactly(4, 1, 4, 2, 4);
  }

  @Test
  void negativeZeroTiesWithZero() {
    assertThat(Ranks.average(new double[] {0.0, -0.0, 1})).containsExactly(1.5, 1.5, 3);
    assertThat(Ranks.average(new double[] {-0.0, 5, 0.0, -0.0})).containsExactly(2, 4, 2, 2);
  }

  @Test
  void nanHasNoRank() {
    assertThatThrownBy(() -> Ranks.average(new double[] {1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value 1 is NaN and has no rank");
  }

  @Test
  void anyIncreasingFunctionHasRankCorrelationOne() {
    double[] x = {1, 2, 3, 4, 5};
    double[] y = {1, 8, 27, 64, 125};

    assertThat(Correlation.spearman(x, y)).isCloseTo(1, within(ROUNDING));
    assertThat(Correlation.kendallTauB(x, y)).isCloseTo(1, within(ROUNDING));
    assertThat(Correlation.pearson(x, y)).isLessThan(0.95);
  }

  @Test
  void theReversedOrderHasRankCorrelationMinusOne() {
    double[] x = {1, 2, 3, 4};
    double[] y = {9, 7, 5, 3};

    assertThat(Correlation.spearman(x, y)).isCloseTo(-1, within(ROUNDING));
    assertThat(Correlation.kendallTauB(x, y)).isCloseTo(-1, within(ROUNDING));
    assertThat(Correlation.pearson(x, y)).isCloseTo(-1, within(ROUNDING));
  }

  @RepeatedTest(20)
  void kendallEqualsCountingEveryPair(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int n = 2 + random.nextInt(60);
    double[] x = random.ints(n, 0, 8).asDoubleStream().toArray();
    double[] y = random.ints(n, 0, 8).asDoubleStream().toArray();
    x[0] = 8; // no constant series
    y[1] = 8;

    assertThat(Correlation.kendallTauB(x, y)).isCloseTo(tauByPairs(x, y), within(ROUNDING));
  }

  @Test
  void constantSeriesHaveNoCorrelation() {
    double[] constant = {0.1, 0.1, 0.1}; // its mean rounds to another number
    double[] rising = {1, 2, 3};

    assertThat(Correlation.pearson(constant, rising)).isNaN();
    assertThat(Correlation.spearman(rising, constant)).isNaN();
    assertThat(Correlation.kendallTauB(constant, rising)).isNaN();
    assertThat(new NumberAnswers(constant, rising).metric(Metric.CORRELATION)).isNaN();
  }

  @Test
  void seriesWithNaNHaveNoCorrelation() {
    double[] broken = {1, Double.NaN, 3};
    double[] rising = {1, 2, 3};

    assertThat(Correlation.pearson(broken, rising)).isNaN();
    assertThat(Correlation.spearman(broken, rising)).isNaN();
    assertThat(Correlation.kendallTauB(rising, broken)).isNaN();
  }

  @Test
  void pearsonSurvivesTinyValues() {
    double[] x = {1e-200, 2e-200, 4e-200};

    assertThat(Correlation.pearson(x, new double[] {1, 2, 4})).isCloseTo(1, within(ROUNDING));
  }

  @Test
  void corrIsTheMeanOfPearsonAndSpearman() {
    double[] x = {1, 2, 3, 4};
    double[] y = {1, 3, 2, 9};

    double corr = new NumberAnswers(x, y).metric(Metric.CORRELATION);

    assertThat(corr)
        .isCloseTo((Correlation.pearson(x, y) + Correlation.spearman(x, y)) / 2, within(ROUNDING));
    assertThat(Correlation.spearman(x, y)).isCloseTo(0.8, within(ROUNDING));
  }

  @Test
  void oneExampleIsTooFew() {
    assertThatThrownBy(() -> Correlation.pearson(new double[1], new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least 2 examples, got 1");
  }

  private static double tauByPairs(double[] x, double[] y) {
    double difference = 0;
    double untiedX = 0;
    double untiedY = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        double signX = Math.signum(x[i] - x[j]);
        double signY = Math.signum(y[i] - y[j]);
        difference += signX * signY;
        untiedX += signX * signX;
        untiedY += signY * signY;
      }
    }
    return difference / Math.sqrt(untiedX * untiedY);
  }
}
