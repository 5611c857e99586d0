package org.bertology.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.onnx.OnnxProto.ElementCode;

/**
 * Extents and shapes as integer tensors of a model. Each symbol is read once, from the first input
 * of which it is an axis; each product and each shape is computed once.
 */
final class SymbolicShapes {
  private static final String SCOPE = "shape";
  private static final Shape ONE_NUMBER = Shape.of(1);

  private record Axis(String tensor, int axis) {}

  private final ModelWriter writer;
  private final Map<String, Axis> sources = new HashMap<>();
  private final Map<Dim, String> extents = new HashMap<>();
  private final Map<List<Dim>, String> vectors = new HashMap<>();

  SymbolicShapes(ModelWriter writer) {
    this.writer = writer;
  }

  /** Takes note of the symbols that are axes of an input. */
  void readFrom(String inputTensor, Shape shape) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      Dim dim = shape.dim(axis);
      if (dim.factor() == 1 && dim.symbols().size() == 1) {
        sources.putIfAbsent(dim.symbols().get(0), new Axis(inputTensor, axis));
      }
    }
  }

  /** An extent as an INT64 tensor of shape {@code [1]}. */
  String extent(Dim dim) {
    String known = extents.get(dim);
    if (known == null) {
      known = dim.isLiteral() ? writer.integers(dim.factor()) : product(dim);
      extents.put(dim, known);
    }
    return known;
  }

  private String product(Dim dim) {
    List<String> symbols = dim.symbols();
    if (symbols.size() == 1 && dim.factor() == 1) {
      return symbol(symbols.get(0));
    }
    // The number first, then one symbol after the other, so that prefixes are shared.
    Dim last = Dim.of(symbols.get(symbols.size() - 1));
    Dim rest = new Dim(dim.factor(), symbols.subList(0, symbols.size() - 1));
    return writer.node(
        "Mul", SCOPE, List.of(extent(rest), extent(last)), ElementCode.INT64, ONE_NUMBER);
  }

  private String symbol(String symbol) {
    Axis source = sources.get(symbol);
    if (source == null) {
      throw new IllegalArgumentException(
          "no input gives the extent of '%s'; known: %s".formatted(symbol, sources.keySet()));
    }
    return writer.node(
        "Shape",
        SCOPE + "/" + symbol,
        List.of(source.tensor()),
        ElementCode.INT64,
        ONE_NUMBER,
        OnnxProto.attribute("start", (long) source.axis()),
        OnnxProto.attribute("end", (long) source.axis() + 1));
  }

  /** The sum of an extent and a number, of shape {@code [1]}. */
  String sum(Dim dim, long number) {
    if (dim.isLiteral()) {
      return writer.integers(dim.factor() + number);
    }
    return number == 0
        ? extent(dim)
        : writer.node(
            "Add",
            SCOPE,
            List.of(extent(dim), writer.integers(number)),
            ElementCode.INT64,
            ONE_NUMBER);
  }

  /** A shape as an INT64 tensor {@code [rank]}. */
  String vector(Shape shape) {
    String known = vectors.get(shape.dims());
    if (known == null) {
      known = concatenation(shape.dims());
      vectors.put(shape.dims(), known);
    }
    return known;
  }

  private String concatenation(List<Dim> dims) {
    if (dims.stream().allMatch(Dim::isLiteral)) {
      return writer.literals(dims);
    }
    if (dims.size() == 1) {
      return extent(dims.get(0));
    }
    return writer.node(
        "Concat",
        SCOPE,
        parts(dims),
        ElementCode.INT64,
        Shape.of(dims.size()),
        OnnxProto.attribute("axis", 0L));
  }

  private List<String> parts(List<Dim> dims) {
    List<String> parts = new ArrayList<>();
    List<Dim> literals = new ArrayList<>();
    for (Dim dim : dims) {
      if (dim.isLiteral()) {
        literals.add(dim);
        continue;
      }
      flush(literals, parts);
      parts.add(extent(dim));
    }
    flush(literals, parts);
    return parts;
  }

  private void flush(List<Dim> literals, List<String> parts) {
    if (!literals.isEmpty()) {
      parts.add(writer.literals(literals));
      literals.clear();
    }
  }

  /**
   * A target for {@code Reshape} that equals {@code to} for all values of the symbols. Needs no
   * extent at run time where every symbolic axis but one keeps its place: 0 copies an axis, and one
   * -1 is what the others leave.
   */
  String reshapeTarget(Shape from, Shape to) {
    long[] target = new long[to.rank()];
    int open = 0;
    for (int axis = 0; axis < target.length; axis++) {
      Dim dim = to.dim(axis);
      boolean kept = axis < from.rank() && from.dim(axis).equals(dim);
      if (dim.isLiteral()) {
        target[axis] = dim.factor();
      } else if (!kept) {
        target[axis] = -1;
        open++;
      }
    }
    boolean empty = to.dims().stream().anyMatch(dim -> dim.factor() == 0);
    return open > 1 || empty ? vector(to) : writer.integers(target);
  }
}
