package org.bertology.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A node of a graph: the result of one operation on other values. Immutable; the methods append
 * further nodes to the same {@link GraphBuilder} and return their results.
 *
 * <p>Axes may be negative, counted from the end. Elementwise methods broadcast operands to a common
 * shape.
 */
public final class Value {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  private final GraphBuilder graph;
  private final int id;
  private final Op op;
  private final List<Value> operands;
  private final TensorType type;

  Value(GraphBuilder graph, int id, Op op, List<Value> operands, TensorType type) {
    this.graph = graph;
    this.id = id;
    this.op = op;
    this.operands = operands;
    this.type = type;
  }

  /** The builder that this value belongs to. */
  public GraphBuilder graph() {
    return graph;
  }

  /** The position among the builder's values; operands come before results. */
  public int id() {
    return id;
  }

  public Op op() {
    return op;
  }

  public List<Value> operands() {
    return operands;
  }

  public Value operand(int index) {
    return operands.get(index);
  }

  public TensorType type() {
    return type;
  }

  public Shape shape() {
    return type.shape();
  }

  public Dim dim(int axis) {
    return shape().dim(axis);
  }

  // --- elementwise

  public Value add(Value other) {
    return binary(Op.BinaryKind.ADD, other);
  }

  public Value add(double other) {
    return add(graph.scalar(other));
  }

  public Value sub(Value other) {
    return binary(Op.BinaryKind.SUB, other);
  }

  public Value mul(Value other) {
    return binary(Op.BinaryKind.MUL, other);
  }

  public Value mul(double other) {
    return mul(graph.scalar(other));
  }

  public Value div(Value other) {
    return binary(Op.BinaryKind.DIV, other);
  }

  public Value maximum(Value other) {
    return binary(Op.BinaryKind.MAXIMUM, other);
  }

  public Value minimum(Value other) {
    return binary(Op.BinaryKind.MINIMUM, other);
  }

  /** An elementwise function of this value and another one, after broadcasting both. */
  public Value binary(Op.BinaryKind kind, Value other) {
    Shape common = Shape.broadcast(shape(), other.shape());
    return graph.append(new Op.Binary(kind), broadcast(common), other.broadcast(common));
  }

  public Value equalTo(Value other) {
    return compare(Op.CompareKind.EQUAL, other);
  }

  public Value lessThan(Value other) {
    return compare(Op.CompareKind.LESS, other);
  }

  private Value compare(Op.CompareKind kind, Value other) {
    Shape common = Shape.broadcast(shape(), other.shape());
    return graph.append(new Op.Compare(kind), broadcast(common), other.broadcast(common));
  }

  /** {@code yes} where this BOOL value is true, {@code no} elsewhere. */
  public Value where(Value yes, Value no) {
    Shape common = Shape.broadcast(shape(), Shape.broadcast(yes.shape(), no.shape()));
    return graph.append(
        new Op.Where(), broadcast(common), yes.broadcast(common), no.broadcast(common));
  }

  public Value neg() {
    return unary(Op.UnaryKind.NEG);
  }

  public Value abs() {
    return unary(Op.UnaryKind.ABS);
  }

  public Value sign() {
    return unary(Op.UnaryKind.SIGN);
  }

  public Value exp() {
    return unary(Op.UnaryKind.EXP);
  }

  public Value log() {
    return unary(Op.UnaryKind.LOG);
  }

  public Value sqrt() {
    return unary(Op.UnaryKind.SQRT);
  }

  public Value tanh() {
    return unary(Op.UnaryKind.TANH);
  }

  public Value erf() {
    return unary(Op.UnaryKind.ERF);
  }

  public Value gelu() {
    return unary(Op.UnaryKind.GELU);
  }

  private Value unary(Op.UnaryKind kind) {
    return graph.append(new Op.Unary(kind), this);
  }

  public Value square() {
    return mul(this);
  }

  /** GELU by its tanh approximation, {@code gelu_new} in checkpoints' configurations. */
  public Value geluTanh() {
    Value inner = mul(square()).mul(0.044715).add(this).mul(SQRT_2_OVER_PI);
    return mul(inner.tanh().add(1)).mul(0.5);
  }

  public Value relu() {
    return maximum(graph.scalar(0));
  }

  public Value cast(ElementType element) {
    return type.element() == element ? this : graph.append(new Op.Cast(element), this);
  }

  public Value stopGradient() {
    return graph.append(new Op.StopGradient(), this);
  }

  // --- movement

  public Value reshape(Shape shape) {
    return shape.equals(shape()) ? this : graph.append(new Op.Reshape(shape), this);
  }

  /** Axis i of the result is axis {@code axes[i]} of this value. */
  public Value transpose(int... axes) {
    List<Integer> order = new ArrayList<>();
    for (int axis : axes) {
      order.add(shape().axis(axis));
    }
    return graph.append(new Op.Transpose(order), this);
  }

  /** The last two axes exchanged. */
  public Value swapLast() {
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < shape().rank(); axis++) {
      order.add(axis);
    }
    Collections.swap(order, shape().axis(-1), shape().axis(-2));
    return graph.append(new Op.Transpose(order), this);
  }

  public Value broadcast(Shape shape) {
    return shape.equals(shape()) ? this : graph.append(new Op.Broadcast(shape), this);
  }

  /** Entries {@code [start, start + length)} of an axis. */
  public Value slice(int axis, long start, Dim length) {
    int fromFront = shape().axis(axis);
    boolean all = start == 0 && length.equals(dim(fromFront));
    return all ? this : graph.append(new Op.Slice(fromFront, start, length), this);
  }

  /** One entry of an axis, which stays with extent 1. */
  public Value slice(int axis, long index) {
    return slice(axis, index, Dim.ONE);
  }

  /**
   * Zeros along an axis: {@code before} in front, then this value, then zeros up to {@code size}.
   */
  public Value pad(int axis, long before, Dim size) {
    int fromFront = shape().axis(axis);
    boolean none = before == 0 && size.equals(dim(fromFront));
    return none ? this : graph.append(new Op.Pad(fromFront, before, size), this);
  }

  // --- contraction

  /** The sum along an axis, which stays with extent 1. */
  public Value sum(int axis) {
    return reduce(Op.ReduceKind.SUM, axis);
  }

  /** The largest entry along an axis, which stays with extent 1. */
  public Value max(int axis) {
    return reduce(Op.ReduceKind.MAX, axis);
  }

  private Value reduce(Op.ReduceKind kind, int axis) {
    int fromFront = shape().axis(axis);
    boolean single = dim(fromFront).isOne();
    return single ? this : graph.append(new Op.Reduce(kind, fromFront), this);
  }

  /** The mean along an axis, which stays with extent 1. */
  public Value mean(int axis) {
    return sum(axis).div(graph.size(dim(axis)));
  }

  /** The sum of all entries, of rank 0. */
  public Value sumAll() {
    Value sum = this;
    for (int axis = 0; axis < shape().rank(); axis++) {
      sum = sum.sum(axis);
    }
    return sum.reshape(Shape.SCALAR);
  }

  /** An axis of extent 1 taken away. */
  public Value squeeze(int axis) {
    int fromFront = shape().axis(axis);
    if (!dim(fromFront).isOne()) {
      throw new IllegalArgumentException(
          "cannot squeeze axis %d of %s: its extent is not 1".formatted(axis, shape()));
    }
    List<Dim> dims = new ArrayList<>(shape().dims());
    dims.remove(fromFront);
    return reshape(new Shape(dims));
  }

  public Value matmul(Value other) {
    return matmul(other, false, false);
  }

  /** The matrix product with either operand given transposed; see {@link Op.MatMul}. */
  public Value matmul(Value other, boolean transposeThis, boolean transposeOther) {
    return graph.append(new Op.MatMul(transposeThis, transposeOther), this, other);
  }

  /** {@code this·Wᵀ + b} with weight {@code [out, in]} and bias {@code [out]}. */
  public Value linear(Value weight, Value bias) {
    return graph.append(new Op.Linear(false), this, weight, bias);
  }

  /** {@code this·Wᵀ} with weight {@code [out, in]}. */
  public Value linear(Value weight) {
    return graph.append(new Op.Linear(false), this, weight);
  }

  /** {@code this·W} with weight {@code [in, out]}. */
  public Value linearTransposed(Value weight) {
    return graph.append(new Op.Linear(true), this, weight);
  }

  /** {@code this·W + b} with weight {@code [in, out]} and bias {@code [out]}. */
  public Value linearTransposed(Value weight, Value bias) {
    return graph.append(new Op.Linear(true), this, weight, bias);
  }

  /** Softmax over the last axis. */
  public Value softmax() {
    return graph.append(new Op.Softmax(), this);
  }

  /**
   * log(softmax(x)) over the last axis. A composite, because TensorFlow's own gradient of
   * LogSoftmax is wrong above rank 2.
   */
  public Value logSoftmax() {
    Value shifted = sub(max(-1).stopGradient());
    return shifted.sub(shifted.exp().sum(-1).log());
  }

  /** One over the standard deviation along the last axis, {@code 1 / sqrt(variance + epsilon)}. */
  public Value inverseDeviation(double epsilon) {
    Value variance = centred().square().mean(-1);
    return graph.scalar(1).div(variance.add(epsilon).sqrt());
  }

  /** This value less its mean and divided by its standard deviation, along the last axis. */
  public Value normalized(double epsilon) {
    return centred().mul(inverseDeviation(epsilon));
  }

  private Value centred() {
    return sub(mean(-1));
  }

  public Value layerNorm(Value scale, Value bias, double epsilon) {
    return graph.append(new Op.LayerNorm(epsilon), this, scale, bias);
  }

  // --- indexing

  /** The rows of this table at INT indices. */
  public Value gather(Value indices) {
    return graph.append(new Op.Gather(), this, indices);
  }

  /** A table of {@code rows} rows to which this value's rows are added at INT indices. */
  public Value scatterAdd(Value indices, Dim rows) {
    return graph.append(new Op.ScatterAdd(rows), indices, this);
  }

  /** Names this value: it becomes a hook that can be observed, differentiated and replaced. */
  public Value named(String name) {
    graph.name(name, this);
    return this;
  }

  @Override
  public String toString() {
    return "%" + id + " = " + op.title() + " " + type;
  }
}
