package org.bertology.api.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * The derivative of every operation: the gradient of the loss with respect to a node's operands,
 * given the gradient with respect to the node. Operands that nobody asks for stay empty.
 */
final class GradientRule implements Op.Visitor<List<Optional<Value>>> {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ONE_OVER_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  private final Value node;
  private final Value g;
  private final List<Boolean> wanted;
  private final GraphBuilder graph;

  GradientRule(Value node, Value upstream, List<Boolean> wanted) {
    this.node = node;
    this.g = upstream;
    this.wanted = wanted;
    this.graph = node.graph();
  }

  /** Whether a gradient passes from a node to its operand at all. */
  static boolean flowsTo(Value node, int operand) {
    boolean passes =
        !(node.op() instanceof Op.StopGradient)
            && !(node.op() instanceof Op.Unary unary && unary.kind() == Op.UnaryKind.SIGN);
    return passes && node.type().isFloat() && node.operand(operand).type().isFloat();
  }

  private Value x() {
    return node.operand(0);
  }

  @SafeVarargs
  private List<Optional<Value>> each(Supplier<Value>... gradients) {
    List<Optional<Value>> results = new ArrayList<>();
    for (int i = 0; i < gradients.length; i++) {
      results.add(wanted.get(i) ? Optional.of(gradients[i].get()) : Optional.empty());
    }
    return results;
  }

  private static List<Optional<Value>> none() {
    return List.of();
  }

  /** The sum over every axis but the last. */
  private static Value sumToLast(Value value) {
    Value sum = value;
    for (int axis = 0; axis < value.shape().rank() - 1; axis++) {
      sum = sum.sum(axis);
    }
    return sum.reshape(Shape.of(value.shape().last()));
  }

  private static Value rows(Value value) {
    Shape shape = value.shape();
    Dim rows = shape.slice(0, shape.rank() - 1).size();
    return value.reshape(Shape.of(rows, shape.last()));
  }

  @Override
  public List<Optional<Value>> visit(Op.Input op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.Parameter op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.Scalar op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.DimSize op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.Unary op) {
    return each(
        () ->
            switch (op.kind()) {
              case NEG -> g.neg();
              case ABS -> g.mul(x().sign());
              case SIGN -> graph.filled(0, node.shape());
              case EXP -> g.mul(node);
              case LOG -> g.div(x());
              case SQRT -> g.mul(0.5).div(node);
              case TANH -> g.mul(graph.scalar(1).sub(node.square()));
              case ERF -> g.mul(x().square().neg().exp().mul(TWO_OVER_SQRT_PI));
              case GELU -> g.mul(geluSlope());
            });
  }

  /** Φ(x) + x·φ(x). */
  private Value geluSlope() {
    Value distribution = x().mul(SQRT_HALF).erf().add(1).mul(0.5);
    Value density = x().square().mul(-0.5).exp().mul(ONE_OVER_SQRT_2_PI);
    return distribution.add(x().mul(density));
  }

  @Override
  public List<Optional<Value>> visit(Op.Binary op) {
    Value a = node.operand(0);
    Value b = node.operand(1);
    return switch (op.kind()) {
      case ADD -> each(() -> g, () -> g);
      case SUB -> each(() -> g, g::neg);
      case MUL -> each(() -> g.mul(b), () -> g.mul(a));
      case DIV -> each(() -> g.div(b), () -> g.mul(node).div(b).neg());
      case MAXIMUM -> each(() -> g.mul(share(b, a)), () -> g.mul(share(a, b)));
      case MINIMUM -> each(() -> g.mul(share(a, b)), () -> g.mul(share(b, a)));
    };
  }

  /** 1 where the first is less, one half at a tie, 0 elsewhere. */
  private Value share(Value first, Value second) {
    Value tie = first.equalTo(second).where(graph.scalar(0.5), graph.scalar(0));
    return first.lessThan(second).where(graph.scalar(1), tie);
  }

  @Override
  public List<Optional<Value>> visit(Op.Compare op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.Where op) {
    Value condition = node.operand(0);
    Value zero = graph.scalar(0);
    return each(() -> zero, () -> condition.where(g, zero), () -> condition.where(zero, g));
  }

  @Override
  public List<Optional<Value>> visit(Op.Cast op) {
    return each(() -> g);
  }

  @Override
  public List<Optional<Value>> visit(Op.StopGradient op) {
    return none();
  }

  @Override
  public List<Optional<Value>> visit(Op.Reshape op) {
    return each(() -> g.reshape(x().shape()));
  }

  @Override
  public List<Optional<Value>> visit(Op.Transpose op) {
    int[] inverse = new int[op.axes().size()];
    for (int axis = 0; axis < inverse.length; axis++) {
      inverse[op.axes().get(axis)] = axis;
    }
    return each(() -> g.transpose(inverse));
  }

  @Override
  public List<Optional<Value>> visit(Op.Broadcast op) {
    return each(this::sumOverRepeated);
  }

  private Value sumOverRepeated() {
    Shape from = x().shape();
    int added = node.shape().rank() - from.rank();
    Value sum = g;
    for (int axis = 0; axis < node.shape().rank(); axis++) {
      if (axis < added || from.dim(axis - added).isOne()) {
        sum = sum.sum(axis);
      }
    }
    return sum.reshape(from);
  }

  @Override
  public List<Optional<Value>> visit(Op.Slice op) {
    return each(() -> g.pad(op.axis(), op.start(), x().dim(op.axis())));
  }

  @Override
  public List<Optional<Value>> visit(Op.Pad op) {
    return each(() -> g.slice(op.axis(), op.before(), x().dim(op.axis())));
  }

  @Override
  public List<Optional<Value>> visit(Op.Concat op) {
    List<Optional<Value>> results = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < node.operands().size(); i++) {
      Dim length = node.operand(i).dim(op.axis());
      results.add(
          wanted.get(i) ? Optional.of(g.slice(op.axis(), start, length)) : Optional.empty());
      start += length.factor();
    }
    return results;
  }

  @Override
  public List<Optional<Value>> visit(Op.Reduce op) {
    return switch (op.kind()) {
      case SUM -> each(() -> g.broadcast(x().shape()));
      case MAX -> each(() -> shareAmongLargest(op.axis()));
    };
  }

  private Value shareAmongLargest(int axis) {
    Value largest = x().equalTo(node).where(graph.scalar(1), graph.scalar(0));
    return g.div(largest.sum(axis)).mul(largest);
  }

  @Override
  public List<Optional<Value>> visit(Op.MatMul op) {
    Value a = node.operand(0);
    Value b = node.operand(1);
    boolean ta = op.transposeLeft();
    boolean tb = op.transposeRight();
    return each(
        () -> ta ? b.matmul(g, tb, true) : g.matmul(b, false, !tb),
        () -> tb ? g.matmul(a, true, ta) : a.matmul(g, !ta, false));
  }

  @Override
  public List<Optional<Value>> visit(Op.Linear op) {
    Value weight = node.operand(1);
    Supplier<Value> toX = () -> graph.append(new Op.Linear(!op.transposed()), g, weight);
    Supplier<Value> toWeight =
        () ->
            op.transposed()
                ? rows(x()).matmul(rows(g), true, false)
                : rows(g).matmul(rows(x()), true, false);
    return node.operands().size() == 2
        ? each(toX, toWeight)
        : each(toX, toWeight, () -> sumToLast(g));
  }

  @Override
  public List<Optional<Value>> visit(Op.Softmax op) {
    return each(
        () -> {
          Value weighted = g.mul(node);
          return weighted.sub(node.mul(weighted.sum(-1)));
        });
  }

  @Override
  public List<Optional<Value>> visit(Op.LayerNorm op) {
    Value inverse = x().inverseDeviation(op.epsilon());
    Value normal = x().normalized(op.epsilon());
    return each(
        () -> {
          Value d = g.mul(node.operand(1));
          Value along = normal.mul(d.mul(normal).mean(-1));
          return d.sub(d.mean(-1)).sub(along).mul(inverse);
        },
        () -> sumToLast(g.mul(normal)),
        () -> sumToLast(g));
  }

  @Override
  public List<Optional<Value>> visit(Op.Gather op) {
    Value indices = node.operand(1);
    return each(() -> g.scatterAdd(indices, x().dim(0)), () -> indices);
  }

  @Override
  public List<Optional<Value>> visit(Op.ScatterAdd op) {
    Value indices = node.operand(0);
    return each(() -> indices, () -> g.gather(indices));
  }
}
