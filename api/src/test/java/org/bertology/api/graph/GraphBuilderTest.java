package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GraphBuilderTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 4));

  @Test
  void leavesAreMadeOnFirstUse() {
    Value weight = builder.parameter("w", Shape.of(3, 4));

    assertThat(builder.input("x", ElementType.FLOAT, Shape.of("batch", 4))).isSameAs(x);
    assertThat(builder.parameter("w", Shape.of(3, 4))).isSameAs(weight);
  }

  @Test
  void aLeafHasOneType() {
    Value weight = builder.parameter("w", Shape.of(3, 4));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.input("x", ElementType.INT, Shape.of("batch", 4)))
        .withMessage(
            "input 'x' is FLOAT [batch, 4] already, now INT [batch, 4]; use one type per name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.parameter("w", Shape.of(4, 3)))
        .withMessage(
            "parameter 'w' is FLOAT [3, 4] already, now FLOAT [4, 3]; use one type per name");
    assertThat(builder.parameter("w", Shape.of(3, 4))).isSameAs(weight);
  }

  @Test
  void anInputAndAParameterMayShareAName() {
    assertThat(builder.parameter("x", Shape.of(4))).isNotSameAs(x);
  }

  @Test
  void askingTwiceForTheSameOperationGivesTheSameValue() {
    Value once = x.exp().mul(2).sum(0);

    Value twice = x.exp().mul(2).sum(0);

    assertThat(twice).isSameAs(once);
    assertThat(x.mul(3)).isNotSameAs(x.mul(2));
    assertThat(x.sum(1)).isNotSameAs(x.sum(0));
  }

  @Test
  void zeroAndMinusZeroAreDifferentConstants() {
    assertThat(builder.scalar(-0.0)).isNotSameAs(builder.scalar(0.0));
    assertThat(builder.scalar(Double.NaN)).isSameAs(builder.scalar(Double.NaN));
  }

  @Test
  void valuesOfTwoBuildersDoNotMix() {
    Value foreign = new GraphBuilder().scalar(2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.scalar(1).mul(foreign))
        .withMessage(
            "MUL mixes values of two graphs: %0 = Scalar FLOAT [] belongs to another builder");
  }

  @Test
  void valuesReadAsNumberOperationAndType() {
    assertThat(x).hasToString("%0 = Input FLOAT [batch, 4]");
    assertThat(x.exp()).hasToString("%1 = EXP FLOAT [batch, 4]");
  }

  @Test
  void operandsComeBeforeResults() {
    Value result = x.exp().add(x.tanh()).softmax();

    for (Value node : Graph.reachable(List.of(result))) {
      assertThat(node.operands()).allMatch(operand -> operand.id() < node.id());
    }
  }

  @Test
  void elementwiseOperationsBroadcastExplicitly() {
    Value vector = builder.parameter("v", Shape.of(4));

    Value sum = x.add(vector);

    assertThat(sum.operand(0)).isSameAs(x);
    assertThat(sum.operand(1).op()).isEqualTo(new Op.Broadcast(Shape.of("batch", 4)));
    assertThat(sum.operand(1).operand(0)).isSameAs(vector);
  }

  @Test
  void whatChangesNothingAppendsNothing() {
    assertThat(x.reshape(x.shape())).isSameAs(x);
    assertThat(x.broadcast(x.shape())).isSameAs(x);
    assertThat(x.cast(ElementType.FLOAT)).isSameAs(x);
    assertThat(x.slice(0, 0, Dim.of("batch"))).isSameAs(x);
    assertThat(x.pad(1, 0, Dim.of(4))).isSameAs(x);
    assertThat(builder.concat(0, List.of(x))).isSameAs(x);
    Value row = x.slice(0, 0);
    assertThat(row.sum(0)).isSameAs(row);
    assertThat(row.max(0)).isSameAs(row);
  }

  @Test
  void negativeAxesMeanTheSame() {
    assertThat(x.sum(-1)).isSameAs(x.sum(1));
    assertThat(x.slice(-2, 0)).isSameAs(x.slice(0, 0));
    assertThat(x.transpose(-1, 0)).isSameAs(x.transpose(1, 0)).isSameAs(x.swapLast());
    assertThat(builder.concat(-1, List.of(x, x))).isSameAs(builder.concat(1, List.of(x, x)));
  }

  @Test
  void onlyAnAxisOfExtentOneIsSqueezed() {
    assertThat(x.sum(1).squeeze(1).shape()).isEqualTo(Shape.of("batch"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> x.squeeze(0))
        .withMessage("cannot squeeze axis 0 of [batch, 4]: its extent is not 1");
  }

  @Test
  void theSizeOfALiteralIsAConstant() {
    assertThat(builder.size(Dim.of(12))).isSameAs(builder.scalar(12));
    assertThat(builder.size(Dim.of("batch")).op()).isEqualTo(new Op.DimSize(Dim.of("batch")));
  }

  @Test
  void aNameStandsForOneValue() {
    x.named("hook");
    x.named("hook");

    assertThat(builder.named("hook")).containsSame(x);
    assertThat(builder.named("hoop")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> x.exp().named("hook"))
        .withMessage("two values are named 'hook'; hook names are unique");
  }

  @Test
  void aGraphDoesNotSeeLaterNames() {
    x.named("first");
    Graph graph = builder.build();

    x.exp().named("second");

    assertThat(graph.names()).containsOnlyKeys("first");
    assertThat(builder.build().names()).containsOnlyKeys("first", "second");
  }

  @Test
  void severalThreadsMayAppend() {
    List<Value> values =
        IntStream.range(0, 2000).parallel().mapToObj(i -> x.mul(i % 50).exp()).toList();

    assertThat(values.stream().distinct()).hasSize(50);
    assertThat(values.stream().map(Value::id).distinct()).hasSize(50);
  }
}
