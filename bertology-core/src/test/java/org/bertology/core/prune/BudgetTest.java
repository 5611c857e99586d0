package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  @ParameterizedTest
  @CsvSource({
    "parameters=50%, PARAMETERS, 0.5, true",
    "flops=1.5G, FLOPS, 1.5e9, false",
    "bytes=20MB, BYTES, 2e7, false",
    "bytes=20MiB, BYTES, 20971520, false",
    "latency=5ms, LATENCY, 0.005, false",
    "latency = 80 %, LATENCY, 0.8, true",
    "parameters=1000, PARAMETERS, 1000, false"
  })
  void aBudgetIsAPartOfTheWholeOrAnAmount(
      String text, Quantity quantity, double limit, boolean relative) {
    assertThat(Budget.parse(text)).isEqualTo(new Budget(quantity, limit, relative));
  }

  @Test
  void aRelativeBudgetIsBoundByTheWhole() {
    assertThat(Budget.parse("bytes=25%").bound(80)).isEqualTo(20);
    assertThat(Budget.parse("bytes=25").bound(80)).isEqualTo(25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "half", "parameters", "parameters=-5", "parameters=50%%", "=5"})
  void whatIsNoBudgetIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Budget.parse(text))
        .withMessage(
            "'%s' is no budget; expected one such as parameters=50%%, flops=1.5G, bytes=20MB or latency=5ms"
                .formatted(text));
  }

  @Test
  void anUnknownQuantityIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Budget.parse("energy=50%"))
        .withMessage("a budget is one of parameters, flops, bytes, latency, got 'energy'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          latency=5  | latency has no unit ''; use % or one of ms, s, us
          flops=5MB  | flops has no unit 'MB'; use % or one of g, k, m, t
          """)
  void aUnitOfAnotherQuantityIsRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Budget.parse(text))
        .withMessage("'%s' is no budget: %s".formatted(text, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          flops=0        | a budget of flops must be positive, got 0.0
          flops=0%       | a budget of flops must be positive, got 0.0
          flops=100%     | a budget of flops must be below 100% of what the whole model has, got 100%
          flops=250%     | a budget of flops must be below 100% of what the whole model has, got 250%
          """)
  void aBudgetOutOfRangeIsRefused(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Budget.parse(text)).withMessage(message);
  }
}
