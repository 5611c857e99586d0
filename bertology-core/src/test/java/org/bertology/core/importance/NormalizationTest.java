package org.bertology.core.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalizationTest {
  private static final double ROUNDING = 1e-15;
  private static final LayerScores SCORES =
      LayerScores.of(new double[][] {{3, 4, 0, 0}, {1, 2, 2, 4}, {.5, .5, .5, .5}});

  private static void assertScores(LayerScores actual, double[]... expected) {
    assertThat(actual.layers()).isEqualTo(expected.length);
    for (int layer = 0; layer < expected.length; layer++) {
      assertThat(actual.layer(layer)).containsExactly(expected[layer], within(ROUNDING));
    }
  }

  @Test
  void noneChangesNothing() {
    assertThat(Normalization.NONE.of(SCORES)).isSameAs(SCORES);
  }

  @Test
  void byLayerEachHasNormOne() {
    assertScores(
        Normalization.LAYER.of(SCORES),
        new double[] {.6, .8, 0, 0},
        new double[] {.2, .4, .4, .8},
        new double[] {.5, .5, .5, .5});
  }

  @Test
  void thenAllLiesBetweenZeroAndOne() {
    assertScores(
        Normalization.LAYER_GLOBAL.of(SCORES),
        new double[] {.75, 1, 0, 0},
        new double[] {.25, .5, .5, 1},
        new double[] {.625, .625, .625, .625});
  }

  @Test
  void aLayerOfZerosStaysZero() {
    LayerScores scores = LayerScores.of(new double[][] {{0, 0}, {3, 4}});

    assertScores(Normalization.LAYER.of(scores), new double[] {0, 0}, new double[] {.6, .8});
  }

  @Test
  void aLayerWithoutUnitsStaysEmpty() {
    LayerScores scores = LayerScores.of(new double[] {3, 4}, new int[] {0, 2});

    assertScores(Normalization.LAYER_GLOBAL.of(scores), new double[0], new double[] {0, 1});
  }

  @Test
  void equalScoresDoNotStandOut() {
    LayerScores scores = LayerScores.of(new double[][] {{2, 2}, {1, 1}});

    assertScores(Normalization.LAYER_GLOBAL.of(scores), new double[] {0, 0}, new double[] {0, 0});
  }

  @Test
  void aScoreThatIsNoNumberIsNotTakenForEqualScores() {
    LayerScores scores = LayerScores.of(new double[][] {{1, 2}, {Double.NaN, 1}});

    assertThat(Normalization.LAYER_GLOBAL.of(scores).flat()).containsOnly(Double.NaN);
  }

  @Test
  void signsSurviveTheLayerNorm() {
    assertScores(
        Normalization.LAYER.of(LayerScores.of(new double[][] {{-3, 4}})), new double[] {-.6, .8});
  }
}
