package org.bertology.core.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
  private static final int SAMPLES = 20_000;

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-0.0, 0.0",
    "1, 1.0",
    "100, 100.0",
    "0.1, 0.1",
    "-2.5, -2.5",
    "1e-7, 1E-7",
    "0.3333333333333333, 0.3333333333333333",
    // Double.toString gives this one a digit too many before Java 19.
    "2e23, 200000000000000000000000.0",
    "4.9e-324, 5E-324"
  })
  void numbersAreWrittenWithAsFewDigitsAsTheyNeed(double value, String expected) {
    assertThat(Decimals.of(value)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "3, 3.0",
    "1e-10, 1E-10",
    "16777216, 16777216.0",
    "0.33333334, 0.33333334"
  })
  void floatsNeedFewerDigits(float value, String expected) {
    assertThat(Decimals.of(value)).hasToString(expected);
  }

  @Test
  void everyNumberIsReadBackAsItself() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < SAMPLES; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(Decimals.of(value).toString())).isEqualTo(value);
      }
      float narrow = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(narrow)) {
        assertThat(Float.parseFloat(Decimals.of(narrow).toString())).isEqualTo(narrow);
      }
    }
  }
}
