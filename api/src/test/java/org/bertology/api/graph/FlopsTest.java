package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlopsTest {
  private static final Map<String, Long> SYMBOLS = Map.of("batch", 5L, "sequence", 7L);

  private final GraphBuilder graph = new GraphBuilder();

  private long flops(Value value) {
    value.named("result");
    return Flops.of(graph.build(), List.of("result"), SYMBOLS);
  }

  @Test
  void aLinearMapTakesTwoPerWeightAndRow() {
    Value x = graph.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 3));

    Value y = x.linear(graph.parameter("w", Shape.of(4, 3)), graph.parameter("b", Shape.of(4)));

    assertThat(flops(y)).isEqualTo(2 * 5 * 7 * 3 * 4);
  }

  @Test
  void aTransposedLinearMapTakesAsMuch() {
    Value x = graph.input("x", ElementType.FLOAT, Shape.of("batch", 3));

    Value y = x.linearTransposed(graph.parameter("w", Shape.of(3, 4)));

    assertThat(flops(y)).isEqualTo(2 * 5 * 3 * 4);
  }

  @Test
  void aMatrixProductContractsTheRightAxisHoweverOperandsAreTransposed() {
    Value left = graph.input("left", ElementType.FLOAT, Shape.of("batch", 3, "sequence"));
    Value right = graph.input("right", ElementType.FLOAT, Shape.of("batch", 4, "sequence"));
    Value other = graph.input("other", ElementType.FLOAT, Shape.of("batch", 3, 2));

    left.matmul(right, false, true).named("overSequence");
    left.matmul(other, true, false).named("overThree");

    assertThat(Flops.of(graph.build(), List.of("overSequence"), SYMBOLS))
        .isEqualTo(2 * 5 * 3 * 7 * 4);
    assertThat(Flops.of(graph.build(), List.of("overThree"), SYMBOLS)).isEqualTo(2 * 5 * 7 * 3 * 2);
  }

  @Test
  void elementwiseOperationsAndWhatIsNotAskedForDoNotCount() {
    Value x = graph.input("x", ElementType.FLOAT, Shape.of("batch", 3));
    x.linear(graph.parameter("w", Shape.of(4, 3))).named("unused");

    assertThat(flops(x.gelu().add(1).softmax())).isZero();
  }

  @Test
  void aSharedProductCountsOnce() {
    Value x = graph.input("x", ElementType.FLOAT, Shape.of("batch", 3));
    Value product = x.linear(graph.parameter("w", Shape.of(4, 3)));

    assertThat(flops(product.mul(product.tanh()))).isEqualTo(2 * 5 * 3 * 4);
  }

  @Test
  void aSymbolWithoutExtentIsNamed() {
    Value x = graph.input("x", ElementType.FLOAT, Shape.of("rows", 3));
    x.linear(graph.parameter("w", Shape.of(4, 3))).named("y");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flops.of(graph.build(), List.of("y"), SYMBOLS))
        .withMessageContaining("no input gives the extent of 'rows'");
  }
}
