package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Albert;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.junit.jupiter.api.Test;

class PruningOrderTest {
  private static final TransformerConfig BERT_BASE = PublishedImportance.bertBase();

  /** Three layers of four heads and six neurons. */
  private static final TransformerConfig TINY =
      new TransformerConfig(
          new Bert(),
          10,
          8,
          List.of(
              new LayerGeometry(4, 2, 6), new LayerGeometry(4, 2, 6), new LayerGeometry(4, 2, 6)),
          16,
          2,
          1e-12,
          Activation.GELU,
          2);

  private static PruningOrder published() {
    return PruningOrder.of(
        PublishedImportance.scores(), Mask.HEADS, ModelMask.ones(BERT_BASE), SelectionRules.NONE);
  }

  private static ModelMask mask(String heads) {
    return MaskText.parse(Mask.HEADS, heads, BERT_BASE);
  }

  @Test
  void unitsOfLayersThatShareParametersGoTogetherByTheSumOfTheirScores() {
    TransformerConfig shared = TINY.withFamily(new Albert(8, 3, 2));
    LayerScores scores = LayerScores.of(new double[][] {{5, 1, 9, 9}, {0, 2, 9, 9}, {4, 9, 9, 9}});

    PruningOrder order =
        PruningOrder.of(scores, Mask.HEADS, ModelMask.ones(shared), SelectionRules.NONE);

    assertThat(shared.sharing()).containsExactly(List.of(0, 1), List.of(2));
    assertThat(order.blocks().subList(0, 3))
        .containsExactly(
            List.of(Unit.head(0, 1), Unit.head(1, 1)),
            List.of(Unit.head(2, 0)),
            List.of(Unit.head(0, 0), Unit.head(1, 0)));
    assertThat(order.first(4)).hasSize(3);
    assertThat(order.size()).isEqualTo(12);
  }

  @Test
  void layersGoByThemselvesEvenIfTheyShareParameters() {
    TransformerConfig shared = TINY.withFamily(new Albert(8, 3, 1));
    LayerScores scores = LayerScores.of(new double[][] {{3}, {1}, {2}});

    PruningOrder order =
        PruningOrder.of(scores, Mask.LAYERS, ModelMask.ones(shared), SelectionRules.NONE);

    assertThat(order.first(2)).containsExactly(Unit.layer(1), Unit.layer(2));
  }

  private static PruningOrder order(SelectionRules rules, double[]... scores) {
    return PruningOrder.of(LayerScores.of(scores), Mask.HEADS, ModelMask.ones(TINY), rules);
  }

  @Test
  void theFirstSevenAreThePublishedOnes() {
    ModelMask mask = ModelMask.ones(BERT_BASE).without(published().first(7));

    assertThat(mask).isEqualTo(mask("8:12 9:3 10:5,10 11:6 12:2,8"));
  }

  @Test
  void theFirstThirtySixAreThePublishedOnes() {
    ModelMask mask = ModelMask.ones(BERT_BASE).without(published().first(36));

    assertThat(mask)
        .isEqualTo(
            mask(
                "1:8,12 2:3,4 3:4,5,9 4:2,5 5:9 6:2,3 7:4 8:3,7,8,12 9:1,3,4,6,7,11 10:2,5,7,10 11:2,3,6,7,10 12:2,8,9,12"));
  }

  @Test
  void halfOfTheHeadsComeFromTheLayersAsPublished() {
    List<Unit> half = published().first(72);

    int[] perLayer =
        IntStream.range(0, 12)
            .map(layer -> (int) half.stream().filter(unit -> unit.layer() == layer).count())
            .toArray();
    assertThat(perLayer).containsExactly(4, 8, 7, 6, 4, 4, 5, 6, 7, 7, 6, 8);
  }

  @Test
  void theTopFiveGoLast() {
    List<Unit> all = published().first(144);

    assertThat(all.subList(139, 144))
        .containsExactly(
            Unit.head(8, 9), Unit.head(10, 4), Unit.head(6, 5), Unit.head(11, 6), Unit.head(9, 5));
  }

  @Test
  void equalScoresGoInTheOrderOfLayersAndHeads() {
    PruningOrder order =
        order(
            SelectionRules.NONE,
            new double[] {2, 1, -0.0, 1},
            new double[] {1, 0.0, 2, 1},
            new double[] {0, 2, 2, 2});

    assertThat(order.first(5))
        .containsExactly(
            Unit.head(0, 2), Unit.head(1, 1), Unit.head(2, 0), Unit.head(0, 1), Unit.head(0, 3));
  }

  @Test
  void whatIsNotANumberGoesLast() {
    PruningOrder order =
        order(
            SelectionRules.NONE,
            new double[] {Double.NaN, 1, 2, 3},
            new double[] {1, 1, 2, Double.POSITIVE_INFINITY},
            new double[] {0, 2, 2, 2});

    assertThat(order.first(12)).endsWith(Unit.head(1, 3), Unit.head(0, 0));
  }

  @Test
  void whatIsMaskedIsNotChosenAgain() {
    List<Unit> gone = published().first(10);
    ModelMask mask = ModelMask.ones(BERT_BASE).without(gone);

    PruningOrder rest =
        PruningOrder.of(PublishedImportance.scores(), Mask.HEADS, mask, SelectionRules.NONE);

    assertThat(rest.size()).isEqualTo(134);
    assertThat(rest.first(10)).isEqualTo(published().first(20).subList(10, 20));
  }

  @Test
  void theBestOfEveryLayerStayIfSoManyAreToBeKept() {
    PruningOrder order =
        order(
            SelectionRules.NONE.withKeepPerLayer(2),
            new double[] {1, 2, 3, 4},
            new double[] {9, 7, 8, 6},
            new double[] {0, 0, 0, 0});

    assertThat(order.first(100))
        .containsExactly(
            Unit.head(2, 0),
            Unit.head(2, 1),
            Unit.head(0, 0),
            Unit.head(0, 1),
            Unit.head(1, 3),
            Unit.head(1, 1));
  }

  @Test
  void nothingGoesFromALayerThatHasNoMoreThanIsToBeKept() {
    PruningOrder order =
        order(
            SelectionRules.NONE.withKeepPerLayer(7),
            new double[] {1, 2, 3, 4},
            new double[] {9, 7, 8, 6},
            new double[] {0, 0, 0, 0});

    assertThat(order.size()).isZero();
    assertThat(order.next(3)).isEmpty();
  }

  @Test
  void blocksLeaveAMultipleInEveryLayer() {
    LayerScores neurons =
        LayerScores.of(new double[][] {{1, 2, 3, 4, 5, 6}, {0, 0, 0, 9, 9, 9}, {2, 2, 2, 2, 2, 2}});
    PruningOrder order =
        PruningOrder.of(
            neurons,
            Mask.NEURONS,
            ModelMask.ones(TINY),
            SelectionRules.NONE.withMultipleOf(4).withKeepPerLayer(1));

    assertThat(order.blocks())
        .containsExactly(
            List.of(Unit.neuron(1, 0), Unit.neuron(1, 1)),
            List.of(Unit.neuron(0, 0), Unit.neuron(0, 1)),
            List.of(Unit.neuron(2, 0), Unit.neuron(2, 1)));
    assertThat(order.first(3)).hasSize(2);
    assertThat(order.first(1)).isEmpty();
    assertThat(order.next(1)).hasSize(2);
  }

  @Test
  void scoresOfAnotherModelAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> order(SelectionRules.NONE, new double[] {1, 2, 3}))
        .withMessage("scores do not fit the model: layer 1 has 4 units");
  }
}
