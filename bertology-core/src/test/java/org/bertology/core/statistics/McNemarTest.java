package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {
  /** In per cent: sums of logarithms of up to 4,000 factors. */
  private static final double ROUNDING = 1e-9;

  /** Expected values are sums of fractions of whole numbers, rounded once. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "1, 0, 1",
    "7, 7, 1",
    "8, 7, 1",
    "5, 1, 0.21875",
    "3, 10, 0.09228515625",
    "121, 59, 4.434449263755176e-06",
    "0, 40, 1.8189894035458565e-12",
    "600, 500, 0.0028195449914364275",
    "3000, 1000, 2.4915145386299067e-229"
  })
  void isTwiceTheTailOfTheBinomialDistribution(int onlyOne, int onlyOther, double expected) {
    assertThat(McNemar.pValue(onlyOne, onlyOther)).isCloseTo(expected, withinPercentage(ROUNDING));
  }

  @Test
  void countsExamplesThatOneModelAloneGetsRight() {
    int[] labels = {0, 1, 2, 0, 1, 2, 0, 1};
    Outcomes one = Outcomes.ofClasses(new int[] {0, 1, 2, 0, 1, 2, 1, 0}, labels, new double[8]);
    Outcomes other = Outcomes.ofClasses(new int[] {1, 0, 0, 1, 0, 2, 2, 1}, labels, new double[8]);

    assertThat(McNemar.pValue(one, other)).isEqualTo(McNemar.pValue(5, 1));
    assertThat(McNemar.pValue(other, one)).isEqualTo(McNemar.pValue(5, 1));
  }

  @Test
  void otherExamplesAreRefused() {
    Outcomes one = Outcomes.ofClasses(new int[2], new int[] {0, 1}, new double[2]);
    Outcomes other = Outcomes.ofClasses(new int[2], new int[] {1, 0}, new double[2]);

    assertThatThrownBy(() -> McNemar.pValue(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "outcomes of 2 and of 2 examples are compared, which must be the same examples in the same order");
  }
}
