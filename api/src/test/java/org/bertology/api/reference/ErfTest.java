package org.bertology.api.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErfTest {
  /** A few units in the last place of a double. */
  private static final double RELATIVE = 1e-15;

  /** Abramowitz and Stegun (1964), table 7.1, and further digits of the same values. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "2, 0.9953222650189527",
    "3, 0.9999779095030014"
  })
  void valuesEqualTheTables(double x, double expected) {
    assertThat(Erf.erf(x)).isCloseTo(expected, within(RELATIVE * expected));
    assertThat(Erf.erf(-x)).isEqualTo(-Erf.erf(x));
  }

  @Test
  void nearZeroItIsLinear() {
    double slope = 2 / Math.sqrt(Math.PI);

    assertThat(Erf.erf(1e-10)).isCloseTo(slope * 1e-10, within(RELATIVE * 1e-10));
    assertThat(Erf.erf(0)).isZero();
    assertThat(1 / Erf.erf(-0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void theTwoExpansionsMeetAtTheSwitch() {
    double below = Erf.erf(Math.nextDown(2.5));
    double above = Erf.erf(2.5);

    assertThat(above).isCloseTo(below, within(RELATIVE));
    // erf(2.5), of which both sides are an approximation.
    assertThat(above).isCloseTo(0.999593047982555, within(RELATIVE));
  }

  @Test
  void itGrowsFromMinusOneToOne() {
    double before = -1;
    for (double x = -7; x <= 7; x += 1.0 / 64) {
      double value = Erf.erf(x);

      assertThat(value).as("erf(%s)", x).isBetween(before, 1.0);
      before = value;
    }
    assertThat(Erf.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Erf.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Erf.erf(1e300)).isEqualTo(1);
    assertThat(Erf.erf(Double.NaN)).isNaN();
  }

  /** Integrating the density by Simpson's rule is slow and knows nothing of either expansion. */
  @ParameterizedTest
  @CsvSource({"0.1", "0.9", "1.7", "2.4", "2.6", "3.5", "5"})
  void itIsTheIntegralOfTheNormalDensity(double x) {
    int intervals = 2000;
    double step = x / intervals;
    double sum = 1 + Math.exp(-x * x);
    for (int i = 1; i < intervals; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-(i * step) * (i * step));
    }

    assertThat(Erf.erf(x)).isCloseTo(2 / Math.sqrt(Math.PI) * sum * step / 3, within(1e-12));
  }
}
