package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
  /** What Michel et al.'s script prunes of 144 heads at 5 %, 10 % and so on. */
  private static final List<Integer> MICHEL =
      List.of(7, 14, 21, 28, 36, 43, 50, 57, 64, 72, 79, 86, 93, 100, 108, 115, 122, 129, 136, 144);

  @Test
  void percentagesGiveTheCountsOfThePublishedSchedule() {
    List<Amount> amounts =
        IntStream.rangeClosed(1, 20).mapToObj(i -> Amount.parse(5 * i + "%")).toList();

    assertThat(new Schedule.Amounts(amounts, false, Optional.empty()).counts(144, "heads"))
        .isEqualTo(MICHEL);
  }

  @ParameterizedTest
  @CsvSource({
    "10%, 144, 14",
    "0.1, 144, 14",
    ".1, 72, 7",
    "29%, 100, 29",
    "0.29, 100, 29",
    "12.5%, 144, 18",
    "100%, 72, 72",
    "1.0, 72, 72",
    "7, 72, 7",
    "1%, 72, 0"
  })
  void anAmountIsANumberOrAPartOfAllRoundedDown(String text, int all, int expected) {
    assertThat(Amount.parse(text).among(all, "heads")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10%, 10%", "0.1, 10%", "7, 7", "12.50%, 12.5%", "100%, 100%"})
  void anAmountIsWrittenAsItIsRead(String text, String written) {
    assertThat(Amount.parse(text)).hasToString(written);
    assertThat(Amount.parse(written)).isEqualTo(Amount.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0%, 0%", "101%, 101%", "1.5, 150%"})
  void anAmountOutOfRangeIsRefused(String text, String got) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Amount.parse(text))
        .withMessage(
            "an amount is a whole number of at least 1, a percentage above 0%% and up to 100%%, or a fraction such as 0.1; got %s"
                .formatted(got));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "%", "1e2", "7 heads", "99999999999"})
  void whatIsNoAmountIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Amount.parse(text))
        .withMessage(
            "'%s' is no amount; expected a number such as 7, or a part of all such as 10%% or 0.1"
                .formatted(text));
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Amount.of(73).among(72, "heads"))
        .withMessage("the amount 73 is more than the model's 72 heads");
  }

  @Test
  void stepsAreSortedAndThoseOfNothingAreLeftOut() {
    List<Amount> amounts = List.of(Amount.parse("50%"), Amount.parse("10%"), Amount.of(3));

    assertThat(new Schedule.Amounts(amounts, false, Optional.empty()).counts(6, "layers"))
        .containsExactly(3);
  }

  @Test
  void stepsOfNothingAtAllAreRefused() {
    Schedule.Amounts schedule =
        new Schedule.Amounts(
            List.of(Amount.parse("5%"), Amount.parse("10%")), false, Optional.empty());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> schedule.counts(6, "layers"))
        .withMessage("5%, 10% of 6 layers is less than one; ask for more");
  }

  @Test
  void aStepOfTheLoopIsOneUnitAtLeast() {
    Schedule.WhileAbove loop = new Schedule.WhileAbove(new Threshold(0.9), Amount.parse("10%"));

    assertThat(loop.step(144, "heads")).isEqualTo(14);
    assertThat(loop.step(6, "layers")).isEqualTo(1);
  }
}
