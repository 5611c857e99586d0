package org.bertology.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/**
 * Extents and shapes as INT32 tensors of a graph. The shape of an input is taken apart at most
 * once; each product and each shape is computed once.
 */
final class SymbolicShapes {
  private static final String SCOPE = "shape";

  private record Axis(Output<?> tensor, int rank, int axis) {}

  private final NodeWriter writer;
  private final Map<String, Axis> sources = new HashMap<>();
  private final Map<Output<?>, Operation> takenApart = new HashMap<>();
  private final Map<Dim, Output<?>> extents = new HashMap<>();
  private final Map<List<Dim>, Output<?>> vectors = new HashMap<>();

  SymbolicShapes(NodeWriter writer) {
    this.writer = writer;
  }

  /** Takes note of the symbols that are axes of an input. */
  void readFrom(Output<?> input, Shape shape) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      Dim dim = shape.dim(axis);
      if (dim.factor() == 1 && dim.symbols().size() == 1) {
        sources.putIfAbsent(dim.symbols().get(0), new Axis(input, shape.rank(), axis));
      }
    }
  }

  /** An extent, of rank 0. */
  Output<?> extent(Dim dim) {
    Output<?> known = extents.get(dim);
    if (known == null) {
      known = dim.isLiteral() ? writer.integer(Math.toIntExact(dim.factor())) : product(dim);
      extents.put(dim, known);
    }
    return known;
  }

  private Output<?> product(Dim dim) {
    List<String> symbols = dim.symbols();
    if (symbols.size() == 1 && dim.factor() == 1) {
      return symbol(symbols.get(0));
    }
    // The number first, then one symbol after the other, so that prefixes are shared.
    Dim last = Dim.of(symbols.get(symbols.size() - 1));
    Dim rest = new Dim(dim.factor(), symbols.subList(0, symbols.size() - 1));
    return writer.node("Mul", SCOPE, extent(rest), extent(last));
  }

  private Output<?> symbol(String symbol) {
    Axis source = sources.get(symbol);
    if (source == null) {
      throw new IllegalArgumentException(
          "no input gives the extent of '%s'; known: %s".formatted(symbol, sources.keySet()));
    }
    return takenApart
        .computeIfAbsent(source.tensor(), input -> takeApart(input, source.rank()))
        .output(source.axis());
  }

  private Operation takeApart(Output<?> input, int rank) {
    Output<?> shape = writer.node("Shape", SCOPE, input);
    return writer.operation("Unpack", SCOPE, node -> node.setAttr("num", (long) rank), shape);
  }

  /** A shape of rank 1. */
  Output<?> vector(Shape shape) {
    Output<?> known = vectors.get(shape.dims());
    if (known == null) {
      known =
          shape.dims().stream().allMatch(Dim::isLiteral)
              ? literals(shape)
              : pack(shape.dims().stream().<Output<?>>map(this::extent).toList());
      vectors.put(shape.dims(), known);
    }
    return known;
  }

  private Output<?> literals(Shape shape) {
    return writer.integers(
        shape.dims().stream().mapToInt(dim -> Math.toIntExact(dim.factor())).toArray());
  }

  /** Numbers of rank 0 as one tensor of rank 1. */
  Output<?> pack(List<Output<?>> numbers) {
    return writer.listNode("Pack", SCOPE, node -> node, numbers);
  }

  /** A number of rank 0 at one place of a tensor that has another number everywhere else. */
  Output<?> at(int axis, int rank, Output<?> number, int elsewhere) {
    List<Output<?>> numbers = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      numbers.add(i == axis ? number : writer.integer(elsewhere));
    }
    return pack(numbers);
  }

  /** The same for a literal number. */
  Output<?> at(int axis, int rank, int number, int elsewhere) {
    int[] numbers = new int[rank];
    Arrays.fill(numbers, elsewhere);
    numbers[axis] = number;
    return writer.integers(numbers);
  }

  /**
   * A target for {@code Reshape} that equals {@code to} for all values of the symbols: a constant
   * where only one axis depends on them.
   */
  Output<?> reshapeTarget(Shape to) {
    long open = to.dims().stream().filter(dim -> !dim.isLiteral()).count();
    boolean empty = to.dims().stream().anyMatch(dim -> dim.factor() == 0);
    if (open != 1 || empty) {
      return vector(to);
    }
    return writer.integers(
        to.dims().stream()
            .mapToInt(dim -> dim.isLiteral() ? Math.toIntExact(dim.factor()) : -1)
            .toArray());
  }
}
