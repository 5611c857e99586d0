package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The type rule of every operation: what it gives, and in which words it refuses. */
final class OpTypeTest {
  private record Refusal(Op op, List<TensorType> operands, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  private record Rule(Op op, List<TensorType> operands, TensorType result) {}

  private static TensorType f(Object... extents) {
    return TensorType.floating(Shape.of(extents));
  }

  private static TensorType i(Object... extents) {
    return new TensorType(ElementType.INT, Shape.of(extents));
  }

  private static TensorType bit(Object... extents) {
    return new TensorType(ElementType.BOOL, Shape.of(extents));
  }

  private static Refusal refusal(Op op, String message, TensorType... operands) {
    return new Refusal(op, List.of(operands), message);
  }

  private static Rule rule(Op op, TensorType result, TensorType... operands) {
    return new Rule(op, List.of(operands), result);
  }

  static List<Refusal> refusals() {
    List<Refusal> all = new ArrayList<>();
    for (Op.UnaryKind kind : Op.UnaryKind.values()) {
      all.add(
          refusal(
              new Op.Unary(kind),
              kind + " needs FLOAT operands, got INT [batch]; cast it",
              i("batch")));
    }
    for (Op.BinaryKind kind : Op.BinaryKind.values()) {
      all.add(
          refusal(
              new Op.Binary(kind),
              kind + " needs equal shapes, got [batch, 3] and [batch, 1]; broadcast one",
              f("batch", 3),
              f("batch", 1)));
    }
    for (Op.CompareKind kind : Op.CompareKind.values()) {
      all.add(
          refusal(
              new Op.Compare(kind),
              kind + " mixes FLOAT [batch] and INT [batch]; cast one",
              f("batch"),
              i("batch")));
    }
    for (Op.ReduceKind kind : Op.ReduceKind.values()) {
      all.add(
          refusal(
              new Op.Reduce(kind, 2),
              kind + " names axis 2, which [batch, 3] does not have",
              f("batch", 3)));
    }
    all.addAll(leavesAndElementwise());
    all.addAll(movement());
    all.addAll(contraction());
    all.addAll(indexing());
    return all;
  }

  private static List<Refusal> leavesAndElementwise() {
    Op add = new Op.Binary(Op.BinaryKind.ADD);
    return List.of(
        refusal(new Op.Input("x", f(2)), "Input takes 0 operands, got 1", f()),
        refusal(new Op.Parameter("w", Shape.of(2)), "Parameter takes 0 operands, got 1", f()),
        refusal(new Op.Scalar(1), "Scalar takes 0 operands, got 1", f()),
        refusal(new Op.DimSize(Dim.of("batch")), "DimSize takes 0 operands, got 1", f()),
        refusal(new Op.Unary(Op.UnaryKind.EXP), "EXP takes 1 operands, got 2", f(), f()),
        refusal(add, "ADD takes 2 operands, got 1", f()),
        refusal(add, "ADD needs FLOAT operands, got INT [3]; cast it", i(3), i(3)),
        refusal(add, "ADD mixes FLOAT [3] and INT [3]; cast one", f(3), i(3)),
        refusal(
            new Op.Compare(Op.CompareKind.EQUAL),
            "EQUAL needs FLOAT or INT operands, got BOOL [3]; cast them",
            bit(3),
            bit(3)),
        refusal(
            new Op.Compare(Op.CompareKind.LESS),
            "LESS needs equal shapes, got [3] and [4]; broadcast one",
            i(3),
            i(4)),
        refusal(new Op.Where(), "Where takes 3 operands, got 2", bit(3), f(3)),
        refusal(new Op.Where(), "Where needs a BOOL condition, got FLOAT [3]", f(3), f(3), f(3)),
        refusal(new Op.Where(), "Where mixes FLOAT [3] and INT [3]; cast one", bit(3), f(3), i(3)),
        refusal(
            new Op.Where(),
            "Where needs equal shapes, got [1] and [3]; broadcast one",
            bit(1),
            f(3),
            f(3)),
        refusal(new Op.Cast(ElementType.INT), "Cast takes 1 operands, got 0"),
        refusal(new Op.StopGradient(), "StopGradient takes 1 operands, got 2", f(), f()));
  }

  private static List<Refusal> movement() {
    return List.of(
        refusal(
            new Op.Reshape(Shape.of("batch", 5)),
            "Reshape cannot turn [batch, 2, 3] into [batch, 5]: 6*batch elements are not 5*batch",
            f("batch", 2, 3)),
        refusal(
            new Op.Transpose(List.of(0, 2, 2)),
            "Transpose axes [0, 2, 2] are not a permutation of the axes of [batch, 2, 3]",
            f("batch", 2, 3)),
        refusal(
            new Op.Transpose(List.of(1, 0)),
            "Transpose axes [1, 0] are not a permutation of the axes of [batch, 2, 3]",
            f("batch", 2, 3)),
        refusal(
            new Op.Transpose(List.of(0, -1)),
            "Transpose axes [0, -1] are not a permutation of the axes of [batch, 2]",
            f("batch", 2)),
        refusal(
            new Op.Broadcast(Shape.of("batch", 3)),
            "Broadcast cannot broadcast [batch, 2] to [batch, 3]",
            f("batch", 2)),
        refusal(new Op.Broadcast(Shape.of(3)), "Broadcast cannot broadcast [1, 3] to [3]", f(1, 3)),
        refusal(
            new Op.Slice(1, 2, Dim.of(2)),
            "Slice [2, 2 + 2) lies outside axis 1 of [batch, 3]",
            f("batch", 3)),
        refusal(
            new Op.Slice(0, -1, Dim.ONE),
            "Slice [-1, -1 + 1) lies outside axis 0 of [batch, 3]",
            f("batch", 3)),
        refusal(
            new Op.Slice(2, 0, Dim.ONE),
            "Slice names axis 2, which [batch, 3] does not have",
            f("batch", 3)),
        refusal(
            new Op.Pad(1, 2, Dim.of(4)), "Pad 2 zeros before 3 do not fit into 4", f("batch", 3)),
        refusal(
            new Op.Pad(0, -1, Dim.of(4)),
            "Pad -1 zeros before batch do not fit into 4",
            f("batch", 3)),
        refusal(
            new Op.Pad(0, 0, Dim.of(4)), "Pad needs FLOAT operands, got INT [2]; cast it", i(2)),
        refusal(new Op.Pad(-1, 0, Dim.of(4)), "Pad names axis -1, which [2] does not have", f(2)),
        refusal(new Op.Concat(0), "Concat takes at least 1 operands, got 0"),
        refusal(
            new Op.Concat(0),
            "Concat FLOAT [batch, 3] does not follow FLOAT [2, 3] along axis 0; all other axes"
                + " must agree and axis 0 be literal",
            f(2, 3),
            f("batch", 3)),
        refusal(
            new Op.Concat(0),
            "Concat FLOAT [2, 4] does not follow FLOAT [2, 3] along axis 0; all other axes must"
                + " agree and axis 0 be literal",
            f(2, 3),
            f(2, 4)),
        refusal(
            new Op.Concat(0),
            "Concat INT [2] does not follow FLOAT [2] along axis 0; all other axes must agree and"
                + " axis 0 be literal",
            f(2),
            i(2)));
  }

  private static List<Refusal> contraction() {
    Op.MatMul plain = new Op.MatMul(false, false);
    Op.Linear linear = new Op.Linear(false);
    return List.of(
        refusal(
            new Op.Reduce(Op.ReduceKind.SUM, 0),
            "SUM needs FLOAT operands, got INT [2]; cast it",
            i(2)),
        refusal(
            plain,
            "MatMul cannot multiply [batch, 2, 3] by [batch, 2, 3]",
            f("batch", 2, 3),
            f("batch", 2, 3)),
        refusal(
            new Op.MatMul(true, true),
            "MatMul cannot multiply [2, 3] (transposed) by [2, 3] (transposed)",
            f(2, 3),
            f(2, 3)),
        refusal(plain, "MatMul cannot multiply [3] by [3]", f(3), f(3)),
        refusal(
            plain,
            "MatMul cannot multiply [1, 2, 3] by [batch, 3, 2]",
            f(1, 2, 3),
            f("batch", 3, 2)),
        refusal(plain, "MatMul cannot multiply [4, 2, 3] by [3, 2]", f(4, 2, 3), f(3, 2)),
        refusal(plain, "MatMul needs FLOAT operands, got INT [2, 2]; cast it", f(2, 2), i(2, 2)),
        refusal(linear, "Linear takes 2 to 3 operands, got 4", f(2), f(2), f(2), f(2)),
        refusal(
            linear,
            "Linear x [batch, 4] needs a weight [out, 4], got [4, 3]",
            f("batch", 4),
            f(4, 3)),
        refusal(
            new Op.Linear(true),
            "Linear x [batch, 4] needs a weight [4, out], got [3, 4]",
            f("batch", 4),
            f(3, 4)),
        refusal(linear, "Linear needs a bias [3], got [4]", f("batch", 4), f(3, 4), f(4)),
        refusal(linear, "Linear needs x of rank 1 at least, got []", f(), f(3, 4)),
        refusal(linear, "Linear needs FLOAT operands, got INT [4]; cast it", i(4), f(3, 4)),
        refusal(new Op.Softmax(), "Softmax needs x of rank 1 at least, got []", f()),
        refusal(new Op.Softmax(), "Softmax needs FLOAT operands, got BOOL [2]; cast it", bit(2)),
        refusal(
            new Op.LayerNorm(1e-5),
            "LayerNorm x [batch, 4] needs scale and bias [4], got [4] and [3]",
            f("batch", 4),
            f(4),
            f(3)),
        refusal(new Op.LayerNorm(1e-5), "LayerNorm takes 3 operands, got 2", f("batch", 4), f(4)));
  }

  private static List<Refusal> indexing() {
    return List.of(
        refusal(
            new Op.Gather(), "Gather needs INT indices, got FLOAT [2]; cast them", f(5, 3), f(2)),
        refusal(new Op.Gather(), "Gather needs the table of rank 1 at least, got []", f(), i(2)),
        refusal(
            new Op.ScatterAdd(Dim.of(5)),
            "ScatterAdd updates [batch, 3] do not begin with the axes of indices [batch, 2]",
            i("batch", 2),
            f("batch", 3)),
        refusal(
            new Op.ScatterAdd(Dim.of(5)),
            "ScatterAdd needs INT indices, got FLOAT [2]; cast them",
            f(2),
            f(2)),
        refusal(
            new Op.ScatterAdd(Dim.of(5)),
            "ScatterAdd needs FLOAT operands, got INT [2]; cast it",
            i(2),
            i(2)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void wrongOperandsAreRefusedInTheseWords(Refusal refusal) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> refusal.op().infer(refusal.operands()))
        .withMessage(refusal.message());
  }

  @Test
  void everyOperationRefusesSomething() {
    Set<String> missing = new HashSet<>(Op.titles());
    refusals().forEach(refusal -> missing.remove(refusal.op().title()));

    assertThat(missing).isEmpty();
  }

  static List<Rule> rules() {
    return List.of(
        rule(new Op.Input("ids", i("batch")), i("batch")),
        rule(new Op.Parameter("w", Shape.of(3, 2)), f(3, 2)),
        rule(new Op.Scalar(2), f()),
        rule(new Op.DimSize(Dim.of("batch")), f()),
        rule(new Op.Compare(Op.CompareKind.LESS), bit("batch", 2), i("batch", 2), i("batch", 2)),
        rule(new Op.Where(), i(3), bit(3), i(3), i(3)),
        rule(new Op.Cast(ElementType.BOOL), bit("batch"), f("batch")),
        rule(
            new Op.Reshape(Shape.of(Dim.of("batch").times(Dim.of(4)), 3)),
            f(Dim.of("batch").times(Dim.of(4)), 3),
            f("batch", 2, 6)),
        rule(new Op.Transpose(List.of(2, 0, 1)), i(4, "batch", 3), i("batch", 3, 4)),
        rule(new Op.Broadcast(Shape.of("batch", 2, 3)), f("batch", 2, 3), f(1, 3)),
        rule(new Op.Slice(0, 3, Dim.ONE), i(1, 2), i("batch", 2)),
        rule(new Op.Slice(1, 1, Dim.of(2)), f("batch", 2), f("batch", 3)),
        rule(new Op.Pad(1, 1, Dim.of("sequence")), f("batch", "sequence"), f("batch", 1)),
        rule(new Op.Concat(1), i("batch", 6), i("batch", 1), i("batch", 2), i("batch", 3)),
        rule(new Op.Reduce(Op.ReduceKind.MAX, 0), f(1, 3), f("batch", 3)),
        rule(new Op.MatMul(false, false), f("batch", 2, 5), f("batch", 2, 3), f("batch", 3, 5)),
        rule(new Op.MatMul(true, false), f("batch", 2, 5), f("batch", 3, 2), f("batch", 3, 5)),
        rule(new Op.MatMul(false, true), f("batch", 2, 5), f("batch", 2, 3), f("batch", 5, 3)),
        rule(new Op.MatMul(true, true), f("batch", 2, 5), f("batch", 3, 2), f("batch", 5, 3)),
        rule(new Op.Linear(false), f("batch", 7, 3), f("batch", 7, 4), f(3, 4), f(3)),
        rule(new Op.Linear(true), f(3), f(4), f(4, 3)),
        rule(new Op.Gather(), f("batch", 2, 3), f(5, 3), i("batch", 2)),
        rule(new Op.Gather(), i("batch"), i(5), i("batch")),
        rule(new Op.ScatterAdd(Dim.of(5)), f(5, 3), i("batch", 2), f("batch", 2, 3)),
        rule(new Op.ScatterAdd(Dim.of("batch")), f("batch"), i(7), f(7)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void operandsThatFitGiveThisType(Rule rule) {
    assertThat(rule.op().infer(rule.operands())).isEqualTo(rule.result());
  }
}
