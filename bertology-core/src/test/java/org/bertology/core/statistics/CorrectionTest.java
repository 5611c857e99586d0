package org.bertology.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorrectionTest {
  private static final Offset<Double> ROUNDING = within(1e-15);
  private static final double[] P_VALUES = {0.01, 0.04, 0.03, 0.005, 0.2, 0.9};

  @Test
  void holmMultipliesBySizeOfWhatIsLeftAndNeverFalls() {
    assertThat(Correction.HOLM.of(P_VALUES))
        .containsExactly(new double[] {0.05, 0.12, 0.12, 0.03, 0.4, 0.9}, ROUNDING);
  }

  @Test
  void benjaminiAndHochbergMultiplyByTheSizeOverTheRankAndNeverRise() {
    assertThat(Correction.BENJAMINI_HOCHBERG.of(P_VALUES))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.03, 0.24, 0.9}, ROUNDING);
  }

  @Test
  void noneLeavesThemAsTheyAre() {
    assertThat(Correction.NONE.of(P_VALUES)).containsExactly(P_VALUES);
  }

  @Test
  void nothingIsAboveOne() {
    assertThat(Correction.HOLM.of(new double[] {0.9, 0.8})).containsExactly(1, 1);
    assertThat(Correction.BENJAMINI_HOCHBERG.of(new double[] {1, 1})).containsExactly(1, 1);
  }

  @Test
  void whatIsNotANumberWasNoTest() {
    double[] pValues = {Double.NaN, 0.01, 0.02};

    assertThat(Correction.HOLM.of(pValues)).containsExactly(Double.NaN, 0.02, 0.02);
    assertThat(Correction.BENJAMINI_HOCHBERG.of(pValues)).containsExactly(Double.NaN, 0.02, 0.02);
  }

  @Test
  void aSingleTestNeedsNoCorrection() {
    for (Correction correction : Correction.values()) {
      assertThat(correction.of(new double[] {0.03})).containsExactly(0.03);
      assertThat(correction.of(new double[0])).isEmpty();
    }
  }

  @Test
  void keysAreWordsWithHyphens() {
    assertThat(Correction.BENJAMINI_HOCHBERG.key()).isEqualTo("benjamini-hochberg");
  }
}
