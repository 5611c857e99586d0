package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DimTest {
  private static final Dim BATCH = Dim.of("batch");
  private static final Dim SEQUENCE = Dim.of("sequence");

  @Test
  void productsDoNotDependOnTheOrderOfTheirFactors() {
    Dim left = BATCH.times(Dim.of(3)).times(SEQUENCE).times(Dim.of(4));
    Dim right = Dim.of(2).times(SEQUENCE).times(Dim.of(6)).times(BATCH);

    assertThat(left).isEqualTo(right).hasSameHashCodeAs(right).hasToString("12*batch*sequence");
  }

  @Test
  void aSymbolMayOccurTwice() {
    assertThat(BATCH.times(BATCH)).isNotEqualTo(BATCH).hasToString("batch*batch");
    assertThat(BATCH.times(BATCH).bind(Map.of("batch", 5L))).isEqualTo(25);
  }

  @Test
  void zeroTimesASymbolIsZero() {
    assertThat(BATCH.times(Dim.of(0))).isEqualTo(Dim.of(0)).hasToString("0");
  }

  @Test
  void onlyDimensionsWithoutSymbolsAreLiteral() {
    assertThat(Dim.of(3).isLiteral()).isTrue();
    assertThat(BATCH.isLiteral()).isFalse();
    assertThat(Dim.of(1).isOne()).isTrue();
    assertThat(BATCH.isOne()).isFalse();
    assertThat(Dim.ONE.times(BATCH)).isEqualTo(BATCH).hasToString("batch");
  }

  @Test
  void bindingMultipliesTheFactorWithTheSymbols() {
    Dim dim = new Dim(12, List.of("sequence", "batch"));

    assertThat(dim.bind(Map.of("batch", 2L, "sequence", 5L))).isEqualTo(120);
    assertThat(Dim.of(7).bind(Map.of())).isEqualTo(7);
  }

  @Test
  void aSymbolThatIsNotBoundIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEQUENCE.bind(Map.of("batch", 2L)))
        .withMessage("no input gives the extent of 'sequence'; known: [batch]");
  }

  @Test
  void extentsThatOverflowAreNotWrappedAround() {
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> Dim.of(1L << 40).times(Dim.of(1L << 40)));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> BATCH.times(BATCH).bind(Map.of("batch", 1L << 40)));
  }

  @Test
  void negativeExtentsAndBlankNamesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dim.of(-1))
        .withMessage("a dimension must not be negative, got -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dim.of(" "))
        .withMessage("the name of a dimension is blank");
  }
}
