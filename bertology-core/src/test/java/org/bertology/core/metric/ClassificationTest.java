package org.bertology.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassificationTest {
  private static final double ROUNDING = 1e-10;

  @Test
  void scoresFollowFromTheCounts() {
    int[] predictions = {1, 1, 0, 0, 1, 0, 1, 1};
    int[] labels = {1, 0, 0, 1, 1, 0, 1, 0};

    Classification counts = Classification.of(predictions, labels);

    assertThat(counts.accuracy()).isEqualTo(0.625);
    assertThat(counts.f1()).isCloseTo(2.0 / 3, within(ROUNDING));
    assertThat(counts.matthews()).isCloseTo(0.2581988897, within(ROUNDING));
    assertThat(Metric.ACCURACY_AND_F1.of(counts))
        .isCloseTo((0.625 + 2.0 / 3) / 2, within(ROUNDING));
  }

  @Test
  void constantPredictionsScoreZeroNotNaN() {
    Classification counts = Classification.of(new int[] {0, 0, 0}, new int[] {0, 1, 1});

    assertThat(counts.f1()).isZero();
    assertThat(counts.matthews()).isZero();
  }

  @Test
  void aSingleClassScoresZeroF1() {
    Classification counts = Classification.of(new int[] {0, 0}, new int[] {0, 0});

    assertThat(counts.accuracy()).isEqualTo(1);
    assertThat(counts.f1()).isZero();
    assertThat(counts.matthews()).isZero();
  }

  @Test
  void matthewsIsOneForRightAndMinusOneForExchangedClasses() {
    int[] labels = {0, 1, 1, 0, 1};

    assertThat(Classification.of(labels, labels).matthews()).isCloseTo(1, within(ROUNDING));
    assertThat(Classification.of(new int[] {1, 0, 0, 1, 0}, labels).matthews())
        .isCloseTo(-1, within(ROUNDING));
  }

  @Test
  void differentLengthsAreRefused() {
    assertThatThrownBy(() -> Classification.of(new int[3], new int[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one prediction per label, got 3 predictions and 4 labels");
  }

  @Test
  void noExamplesAreRefused() {
    assertThatThrownBy(() -> Classification.of(new int[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least 1 example, got 0");
  }

  @Test
  void negativeClassesAreRefused() {
    assertThatThrownBy(() -> Classification.of(new int[] {0}, new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("class indices start at 0, got -1; leave unlabelled examples out");
  }

  @Test
  void metricsOfTheOtherKindAreRefused() {
    Classification counts = Classification.of(new int[] {0}, new int[] {0});

    assertThatThrownBy(() -> Metric.PEARSON.of(counts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "pearson compares real numbers, got class indices; use accuracy, f1 or matthews");
  }
}
