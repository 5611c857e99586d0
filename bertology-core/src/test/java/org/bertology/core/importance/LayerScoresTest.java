package org.bertology.core.importance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bertology.core.importance.LayerScores.Unit;
import org.junit.jupiter.api.Test;

class LayerScoresTest {
  private static final double[][] ROWS = {{3, 4, 0, 0}, {1, 2, 2, 4}, {.5, .5, .5, .5}};

  @Test
  void scoresAreCutIntoLayers() {
    LayerScores scores = LayerScores.of(new double[] {1, 2, 3}, new int[] {2, 0, 1});

    assertThat(scores.layers()).isEqualTo(3);
    assertThat(scores.layer(0)).containsExactly(1, 2);
    assertThat(scores.width(1)).isZero();
    assertThat(scores.get(2, 0)).isEqualTo(3);
    assertThat(scores.maxWidth()).isEqualTo(2);
    assertThat(scores.size()).isEqualTo(3);
    assertThat(scores.flat()).containsExactly(1, 2, 3);
  }

  @Test
  void scoresAreCopied() {
    double[][] rows = {{1, 2}};
    LayerScores scores = LayerScores.of(rows);

    rows[0][0] = 9;
    scores.layer(0)[1] = 9;

    assertThat(scores.flat()).containsExactly(1, 2);
  }

  /** Ranks 0 (top) to 11 of the layer-normalised matrix of the reference notes. */
  @Test
  void theRankingIsStable() {
    double[][] normalised = {{.6, .8, 0, 0}, {.2, .4, .4, .8}, {.5, .5, .5, .5}};

    List<Unit> ranking = LayerScores.of(normalised).ranking();

    assertThat(ranking.stream().map(Unit::flatIndex))
        .containsExactly(1, 7, 0, 8, 9, 10, 11, 5, 6, 4, 2, 3);
    assertThat(ranking.get(1)).isEqualTo(new Unit(1, 3, 7, .8));
  }

  @Test
  void theRankingSkipsLayersWithoutUnits() {
    List<Unit> ranking = LayerScores.of(new double[] {1, 5}, new int[] {1, 0, 1}).ranking();

    assertThat(ranking).containsExactly(new Unit(2, 0, 1, 5), new Unit(0, 0, 0, 1));
  }

  @Test
  void whatIsNoNumberRanksLast() {
    List<Unit> ranking =
        LayerScores.of(new double[][] {{Double.NaN, 1}, {Double.NaN, 5}}).ranking();

    assertThat(ranking.stream().map(Unit::flatIndex)).containsExactly(3, 1, 0, 2);
  }

  @Test
  void aTensorHasNoNumberWhereALayerIsNarrower() {
    LayerScores scores = LayerScores.of(new double[] {1, 2, 3}, new int[] {2, 0, 1});

    assertThat(scores.toTensor().shape()).containsExactly(3, 2);
    assertThat(scores.toTensor().toFloats())
        .containsExactly(1, 2, Float.NaN, Float.NaN, 3, Float.NaN);
  }

  @Test
  void layersAreChangedOneByOne() {
    LayerScores changed =
        LayerScores.of(ROWS).mapLayers(row -> Arrays.stream(row).map(x -> x / row[0]).toArray());

    assertThat(changed.layer(1)).containsExactly(1, 2, 2, 4);
    assertThat(changed.layer(2)).containsExactly(1, 1, 1, 1);
  }
}
