package org.bertology.core.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  /** Places 10, 12, 14, … of tokens that can be hidden. */
  private static int[] words(int count) {
    return IntStream.range(0, count).map(i -> 10 + 2 * i).toArray();
  }

  private static List<int[]> places(String masking, int words, long seed) {
    return Masking.parse(masking).places(words(words), new SplittableRandom(seed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"15%", "0.5%", "12.25%", "100%", "each", "each:8"})
  void aTextStandsForTheMaskingThatHasIt(String text) {
    assertThat(Masking.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"15", "%", "1e1%", "-5%", "each:", "each:-1", "all", ""})
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Masking.parse(text))
        .withMessage(
            "unknown masking '%s'; expected a part of the tokens such as 15%%, or each, or each:N with a number of tokens",
            text);
  }

  @Test
  void nothingAndMoreThanEverythingAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Masking.parse("0%"))
        .withMessage("the part of the tokens to hide must be above 0 and up to 1, got 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Masking.parse("101%"))
        .withMessage("the part of the tokens to hide must be above 0 and up to 1, got 1.01");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Masking.parse("each:0"))
        .withMessage("the number of tokens to hide must be at least 1, got 0");
  }

  @ParameterizedTest
  @CsvSource({"15%, 20, 3", "15%, 3, 1", "15%, 1, 1", "50%, 5, 3", "100%, 7, 7"})
  void aPartIsRoundedAndAtLeastOneToken(String masking, int words, int hidden) {
    List<int[]> places = places(masking, words, 1);

    assertThat(places).hasSize(1);
    assertThat(places.get(0)).hasSize(hidden).isSorted().doesNotHaveDuplicates();
    assertThat(words(words)).contains(places.get(0));
  }

  @Test
  void eachTokenIsHiddenByItself() {
    assertThat(places("each", 4, 1))
        .containsExactly(new int[] {10}, new int[] {12}, new int[] {14}, new int[] {16});
    assertThat(places("each:9", 4, 1)).hasSize(4);
  }

  @Test
  void someTokensAreDrawnInTheirOrder() {
    List<int[]> places = places("each:5", 40, 1);

    assertThat(places).hasSize(5).allSatisfy(place -> assertThat(place).hasSize(1));
    assertThat(places.stream().mapToInt(place -> place[0]).toArray())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void everyTokenIsHiddenAsOftenAsAnyOther() {
    int[] counts = new int[10];
    for (int seed = 0; seed < 5000; seed++) {
      for (int place : places("30%", 10, seed).get(0)) {
        counts[(place - 10) / 2]++;
      }
    }

    // 1500 of each; a standard deviation is 32.
    assertThat(Arrays.stream(counts).boxed().toList())
        .allSatisfy(count -> assertThat(count).isBetween(1340, 1660));
  }

  @Test
  void chanceHasNoPartInHidingAll() {
    assertThat(Masking.parse("100%").isDrawn()).isFalse();
    assertThat(Masking.parse("each").isDrawn()).isFalse();
    assertThat(Masking.USUAL.isDrawn()).isTrue();
    assertThat(new Masking.Each(OptionalInt.of(2)).isDrawn()).isTrue();
  }
}
