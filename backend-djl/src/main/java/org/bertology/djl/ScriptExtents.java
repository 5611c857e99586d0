package org.bertology.djl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;

/**
 * Extents and shapes as integers of a script. Each symbol is read once, from the first input of
 * which it is an axis; each product is computed once.
 */
final class ScriptExtents {
  private static final String HOOK = "shape";

  private final ScriptWriter writer;
  private final Map<String, String> sources = new HashMap<>();
  private final Map<Dim, String> extents = new HashMap<>();

  ScriptExtents(ScriptWriter writer) {
    this.writer = writer;
  }

  /** Takes note of the symbols that are axes of an input. */
  void readFrom(String input, Shape shape) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      Dim dim = shape.dim(axis);
      if (dim.factor() == 1 && dim.symbols().size() == 1) {
        sources.putIfAbsent(dim.symbols().get(0), "torch.size(%s, %d)".formatted(input, axis));
      }
    }
  }

  /** An extent: a number or a variable. */
  String of(Dim dim) {
    if (dim.isLiteral()) {
      return Long.toString(dim.factor());
    }
    String known = extents.get(dim);
    if (known == null) {
      known = writer.assign(HOOK, expression(dim));
      extents.put(dim, known);
    }
    return known;
  }

  private String expression(Dim dim) {
    List<String> symbols = dim.symbols();
    if (symbols.size() == 1 && dim.factor() == 1) {
      return symbol(symbols.get(0));
    }
    // The number first, then one symbol after the other, so that prefixes are shared.
    Dim last = Dim.of(symbols.get(symbols.size() - 1));
    Dim rest = new Dim(dim.factor(), symbols.subList(0, symbols.size() - 1));
    return "torch.mul(%s, %s)".formatted(of(rest), of(last));
  }

  private String symbol(String symbol) {
    String source = sources.get(symbol);
    if (source == null) {
      throw new IllegalArgumentException(
          "no input gives the extent of '%s'; known: %s".formatted(symbol, sources.keySet()));
    }
    return source;
  }

  /** {@code whole - before - part}. */
  String rest(Dim whole, long before, Dim part) {
    if (whole.isLiteral() && part.isLiteral()) {
      return Long.toString(whole.factor() - before - part.factor());
    }
    return "torch.sub(torch.sub(%s, %s), %d)".formatted(of(whole), of(part), before);
  }

  /** A shape as a list of integers. */
  String list(Shape shape) {
    return shape.dims().stream().map(this::of).collect(Collectors.joining(", ", "[", "]"));
  }
}
