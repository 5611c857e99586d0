package org.bertology.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final LayerGeometry LAYER = new LayerGeometry(2, 2, 3);
  private static final ModelMask MASK =
      ModelMask.ones(
          new TransformerConfig(
              new Bert(), 9, 4, List.of(LAYER, LAYER), 5, 2, 1e-12, Activation.GELU, 2));
  private static final Scoring ONE = scoring("one", 5, 4, 3, 2);
  private static final Scoring OTHER = scoring("other", 1, 4, 3, 2);

  private static Scoring scoring(String key, double... flat) {
    LayerScores scores = LayerScores.of(flat, new int[] {2, 2});
    return new Scoring(key, Target.HEADS, scores, Optional.empty());
  }

  @Test
  void everyScoringIsComparedWithEveryOther() {
    Agreement agreement = Agreement.of(List.of(ONE, OTHER), MASK, 2);

    assertThat(agreement.keys()).containsExactly("one", "other");
    assertThat(agreement.pairs().get(0).get(0)).isEqualTo(new RankingAgreement(1, 1, 2, 2));
    assertThat(agreement.pairs().get(0).get(1))
        .isEqualTo(RankingAgreement.of(ONE.scores().flat(), OTHER.scores().flat(), 2))
        .isEqualTo(agreement.pairs().get(1).get(0));
    assertThat(agreement.pairs().get(0).get(1).shared()).isOne();
  }

  @Test
  void maskedUnitsDoNotCount() {
    Agreement agreement =
        Agreement.of(List.of(ONE, OTHER), MASK.without(List.of(Unit.head(0, 0))), 2);

    assertThat(agreement.pairs().get(0).get(1).kendall()).isEqualTo(1);
    assertThat(agreement.pairs().get(0).get(1).isTopShared()).isTrue();
  }
}
