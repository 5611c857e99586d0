package org.bertology.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankingAgreementTest {
  private static final double EXACT = 1e-12;

  @Test
  void equalRankingsAgreeWhateverTheScale() {
    double[] scores = {0.1, 0.4, 0.2, 0.3};
    double[] scaled = {1, 40, 2, 3};

    RankingAgreement agreement = RankingAgreement.of(scores, scaled, 2);

    assertThat(agreement).isEqualTo(new RankingAgreement(1, 1, 2, 2));
    assertThat(agreement.isTopShared()).isTrue();
  }

  @Test
  void oneSwapOfNeighboursCostsOnePair() {
    double[] scores = {5, 4, 3, 2, 1};
    double[] swapped = {5, 3, 4, 2, 1};

    RankingAgreement agreement = RankingAgreement.of(scores, swapped, 2);

    assertThat(agreement.spearman()).isCloseTo(1 - 6 * 2 / (5.0 * 24), within(EXACT));
    assertThat(agreement.kendall()).isCloseTo(1 - 2 / 10.0, within(EXACT));
    assertThat(agreement.shared()).isOne();
    assertThat(agreement.isTopShared()).isFalse();
  }

  @Test
  void orderWithinTheTopDoesNotMatter() {
    assertThat(RankingAgreement.of(new double[] {3, 2, 1}, new double[] {2, 3, 1}, 2).isTopShared())
        .isTrue();
  }

  @Test
  void whatIsNotANumberComesLast() {
    RankingAgreement agreement =
        RankingAgreement.of(new double[] {1, Double.NaN, 3}, new double[] {2, 1, 3}, 2);

    assertThat(agreement.shared()).isEqualTo(2);
    assertThat(agreement.spearman()).isNaN();
  }

  @Test
  void theTopIsAllWhereThereAreFewer() {
    RankingAgreement agreement = RankingAgreement.of(new double[] {3, 2}, new double[] {2, 3}, 10);

    assertThat(agreement.top()).isEqualTo(2);
    assertThat(agreement.shared()).isEqualTo(2);
  }

  @Test
  void oneHeadHasNoCorrelation() {
    RankingAgreement agreement = RankingAgreement.of(new double[] {3}, new double[] {2}, 10);

    assertThat(agreement.spearman()).isNaN();
    assertThat(agreement.kendall()).isNaN();
    assertThat(agreement.shared()).isOne();
  }

  @Test
  void lengthsMustBeEqualAndTheTopPositive() {
    assertThatThrownBy(() -> RankingAgreement.of(new double[2], new double[3], 1))
        .hasMessage("there are 3 scores, expected 2");
    assertThatThrownBy(() -> RankingAgreement.of(new double[2], new double[2], 0))
        .hasMessage("the top must be at least 1 unit, got 0");
  }
}
