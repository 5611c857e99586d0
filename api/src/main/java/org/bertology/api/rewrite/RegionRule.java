package org.bertology.api.rewrite;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * For every operation: which region of each operand a region of the result is computed from. An
 * empty region stands for all of the operand; an empty answer, for an operation that has to be
 * computed in full.
 */
final class RegionRule implements Op.Visitor<Optional<List<Optional<Region>>>> {
  private final Value node;
  private final Region region;

  RegionRule(Value node, Region region) {
    this.node = node;
    this.region = region;
  }

  private int axis() {
    return region.axis();
  }

  private boolean isLastAxis() {
    return axis() == node.shape().rank() - 1;
  }

  private static Optional<List<Optional<Region>>> full() {
    return Optional.empty();
  }

  /** The same region of every operand. */
  private Optional<List<Optional<Region>>> same() {
    return Optional.of(Collections.nCopies(node.operands().size(), Optional.of(region)));
  }

  private Optional<List<Optional<Region>>> sameIf(boolean independent) {
    return independent ? same() : full();
  }

  /** A region of one operand, all of the others. */
  private Optional<List<Optional<Region>>> only(int operand, int axis) {
    return Optional.of(
        IntStream.range(0, node.operands().size())
            .mapToObj(i -> i == operand ? Optional.of(region.on(axis)) : Optional.<Region>empty())
            .toList());
  }

  private Optional<List<Optional<Region>>> all() {
    return only(-1, 0);
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Input op) {
    return full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Parameter op) {
    return full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Scalar op) {
    return full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.DimSize op) {
    return full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Unary op) {
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Binary op) {
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Compare op) {
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Where op) {
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Cast op) {
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.StopGradient op) {
    return same();
  }

  /** Follows the axis if all before it holds the same number of elements on both sides. */
  @Override
  public Optional<List<Optional<Region>>> visit(Op.Reshape op) {
    Shape from = node.operand(0).shape();
    Dim before = op.shape().slice(0, axis()).size();
    for (int candidate = 0; candidate < from.rank(); candidate++) {
      if (from.slice(0, candidate).size().equals(before)
          && from.dim(candidate).equals(op.shape().dim(axis()))) {
        return only(0, candidate);
      }
    }
    return full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Transpose op) {
    return only(0, op.axes().get(axis()));
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Broadcast op) {
    Shape from = node.operand(0).shape();
    int source = axis() - (op.shape().rank() - from.rank());
    boolean repeated = source < 0 || from.dim(source).isOne();
    return repeated ? all() : only(0, source);
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Slice op) {
    boolean sameAxis = axis() == op.axis();
    long start = op.start() + (sameAxis ? region.start() : 0);
    Dim length = sameAxis ? region.length() : op.length();
    return Optional.of(List.of(Optional.of(new Region(op.axis(), start, length))));
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Pad op) {
    return sameIf(axis() != op.axis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Concat op) {
    return sameIf(axis() != op.axis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Reduce op) {
    return sameIf(axis() != op.axis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.MatMul op) {
    int last = node.shape().rank() - 1;
    if (axis() == last) {
      return only(1, op.transposeRight() ? last - 1 : last);
    }
    if (axis() == last - 1) {
      return only(0, op.transposeLeft() ? last : last - 1);
    }
    return same();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Linear op) {
    return isLastAxis() ? full() : only(0, axis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Softmax op) {
    return sameIf(!isLastAxis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.LayerNorm op) {
    return isLastAxis() ? full() : only(0, axis());
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.Gather op) {
    return axis() < node.operand(1).shape().rank() ? only(1, axis()) : full();
  }

  @Override
  public Optional<List<Optional<Region>>> visit(Op.ScatterAdd op) {
    return full();
  }
}
