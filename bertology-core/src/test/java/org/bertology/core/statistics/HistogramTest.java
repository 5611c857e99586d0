package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void everyNumberIsInOneBinAndTheLastHasItsUpperEnd() {
    Histogram histogram = Histogram.of(new double[] {0, 0.5, 1, 2, 3.9, 4}, 4);

    assertThat(histogram.counts()).containsExactly(2, 1, 1, 2);
    assertThat(histogram.low()).isZero();
    assertThat(histogram.high()).isEqualTo(4);
    assertThat(histogram.edge(0)).isZero();
    assertThat(histogram.edge(3)).isEqualTo(3);
    assertThat(histogram.edge(4)).isEqualTo(4);
  }

  @Test
  void equalNumbersShareABin() {
    Histogram histogram = Histogram.of(new double[] {2, 2, 2}, 5);

    assertThat(histogram.counts()).containsExactly(3);
    assertThat(histogram.edge(0)).isEqualTo(2);
    assertThat(histogram.edge(1)).isEqualTo(2);
  }

  @Test
  void whatIsNotANumberIsInNone() {
    double[] values = {Double.NaN, 1, Double.POSITIVE_INFINITY, 2};

    assertThat(Histogram.of(values, 2).counts()).containsExactly(1, 1);
    assertThat(Histogram.of(new double[] {Double.NaN}, 2).counts()).isEmpty();
  }

  @Test
  void thereIsOneBinAtLeast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Histogram.of(new double[] {1}, 0))
        .withMessage("a histogram needs at least one bin, got 0");
  }
}
