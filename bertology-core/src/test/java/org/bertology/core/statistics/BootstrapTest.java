package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final int EXAMPLES = 400;
  private static final int RESAMPLES = 4000;

  /**
   * The standard error of a 2.5 % quantile from 4,000 draws of a normal distribution is 0.042 of
   * its deviation; this is four of them.
   */
  private static final double QUANTILE_ERROR = 0.17;

  /** The mean of the drawn numbers among 0, 1, …, 399, and twice that. */
  private static double[] means(int[] counts) {
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += (long) counts[i] * i;
    }
    double mean = (double) sum / EXAMPLES;
    return new double[] {mean, 2 * mean};
  }

  private static Intervals intervals(long seed) {
    return new Bootstrap(RESAMPLES, seed).intervals(EXAMPLES, BootstrapTest::means);
  }

  @Test
  void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
    double mean = (EXAMPLES - 1) / 2.0;
    double deviation = Math.sqrt((EXAMPLES * EXAMPLES - 1) / 12.0 / EXAMPLES);

    Intervals intervals = intervals(42);

    double error = QUANTILE_ERROR * deviation;
    assertThat(intervals.low(0)).isCloseTo(mean - 1.96 * deviation, within(error));
    assertThat(intervals.high(0)).isCloseTo(mean + 1.96 * deviation, within(error));
    assertThat(intervals.low(1)).isEqualTo(2 * intervals.low(0));
    assertThat(intervals.high(1)).isEqualTo(2 * intervals.high(0));
  }

  @Test
  void everyResampleDrawsAsManyExamplesAsThereAre() {
    Function<int[], double[]> total = counts -> new double[] {IntStream.of(counts).sum()};

    Intervals intervals = new Bootstrap(50, 1).intervals(7, total);

    assertThat(intervals.low(0)).isEqualTo(7);
    assertThat(intervals.high(0)).isEqualTo(7);
  }

  @Test
  void everyResampleIsDrawnAnew() {
    Set<String> drawn = ConcurrentHashMap.newKeySet();

    new Bootstrap(200, 1)
        .intervals(
            50,
            counts -> {
              drawn.add(Arrays.toString(counts));
              return new double[0];
            });

    assertThat(drawn).hasSize(200);
  }

  @Test
  void theSameSeedGivesTheSameIntervals() {
    assertThat(intervals(7).low(0)).isEqualTo(intervals(7).low(0));
    assertThat(intervals(7).high(0)).isEqualTo(intervals(7).high(0));
    assertThat(intervals(8).low(0)).isNotEqualTo(intervals(7).low(0));
  }

  @Test
  void quantilesAreInterpolatedBetweenResamples() {
    double[] next = {0};
    Function<int[], double[]> counter = counts -> new double[] {next[0]++};

    // 0, 1, …, 20: the ends lie half a step inside the least and the largest.
    Intervals intervals = new Bootstrap(21, 1).intervals(3, counter);

    assertThat(intervals.low(0)).isCloseTo(0.5, within(1e-12));
    assertThat(intervals.high(0)).isCloseTo(19.5, within(1e-12));
  }

  @Test
  void oneExampleHasNoSpread() {
    Intervals intervals =
        new Bootstrap(10, 1)
            .intervals(1, counts -> Arrays.stream(counts).asDoubleStream().toArray());

    assertThat(intervals.low(0)).isEqualTo(1);
    assertThat(intervals.high(0)).isEqualTo(1);
  }
}
