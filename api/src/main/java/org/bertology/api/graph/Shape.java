package org.bertology.api.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The extents of all axes, in order; negative axes count from the end. */
public record Shape(List<Dim> dims) {
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of {@link Dim}s, numbers and symbol names: {@code Shape.of("batch", 12, 64)}. */
  public static Shape of(Object... extents) {
    return new Shape(Arrays.stream(extents).map(Shape::toDim).toList());
  }

  private static Dim toDim(Object extent) {
    if (extent instanceof Dim dim) {
      return dim;
    }
    if (extent instanceof String symbol) {
      return Dim.of(symbol);
    }
    if (extent instanceof Integer || extent instanceof Long) {
      return Dim.of(((Number) extent).longValue());
    }
    throw new IllegalArgumentException(
        "a dimension is a Dim, a whole number or a symbol's name, got " + extent);
  }

  public int rank() {
    return dims.size();
  }

  public Dim dim(int axis) {
    return dims.get(axis(axis));
  }

  /** The extent of the last axis. */
  public Dim last() {
    return dim(-1);
  }

  /**
   * The axis counted from the front.
   *
   * @throws IllegalArgumentException if there is no such axis
   */
  public int axis(int axis) {
    int fromFront = axis < 0 ? axis + rank() : axis;
    if (rank() == 0) {
      throw new IllegalArgumentException("shape [] has no axes, so no axis " + axis);
    }
    if (fromFront < 0 || fromFront >= rank()) {
      throw new IllegalArgumentException(
          "shape %s has no axis %d; axes are %d to %d".formatted(this, axis, -rank(), rank() - 1));
    }
    return fromFront;
  }

  /** This shape with one extent exchanged. */
  public Shape with(int axis, Dim dim) {
    List<Dim> changed = new ArrayList<>(dims);
    changed.set(axis(axis), dim);
    return new Shape(changed);
  }

  /** The axes in {@code [from, to)}. */
  public Shape slice(int from, int to) {
    return new Shape(dims.subList(from, to));
  }

  /** This shape followed by more axes. */
  public Shape append(Object... extents) {
    return concat(of(extents));
  }

  public Shape concat(Shape other) {
    List<Dim> all = new ArrayList<>(dims);
    all.addAll(other.dims);
    return new Shape(all);
  }

  /** The number of elements. */
  public Dim size() {
    return dims.stream().reduce(Dim.ONE, Dim::times);
  }

  /** The extents under the given values of the symbols. */
  public long[] bind(Map<String, Long> symbolValues) {
    return dims.stream().mapToLong(dim -> dim.bind(symbolValues)).toArray();
  }

  /**
   * The shape that both broadcast to: axes are aligned at the end, and an axis broadcasts if and
   * only if its extent is the literal 1.
   *
   * @throws IllegalArgumentException naming both shapes and the axis, if there is none
   */
  public static Shape broadcast(Shape left, Shape right) {
    int rank = Math.max(left.rank(), right.rank());
    List<Dim> dims = new ArrayList<>();
    for (int axis = -rank; axis < 0; axis++) {
      Dim l = axis < -left.rank() ? Dim.ONE : left.dim(axis);
      Dim r = axis < -right.rank() ? Dim.ONE : right.dim(axis);
      if (!l.equals(r) && !l.isOne() && !r.isOne()) {
        throw new IllegalArgumentException(
            "shapes %s and %s do not broadcast: %s vs %s on axis %d; reshape or transpose one"
                .formatted(left, right, l, r, axis));
      }
      dims.add(l.isOne() ? r : l);
    }
    return new Shape(dims);
  }

  @Override
  public String toString() {
    return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
