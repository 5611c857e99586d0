package org.bertology.api.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The extent of an axis: a positive or zero number times named symbols, such as {@code 768}, {@code
 * batch} or {@code 12*batch*sequence}. Two axes agree if and only if their dimensions are equal.
 */
public record Dim(long factor, List<String> symbols) {
  public static final Dim ONE = of(1);

  public Dim {
    if (factor < 0) {
      throw new IllegalArgumentException("a dimension must not be negative, got " + factor);
    }
    symbols = factor == 0 ? List.of() : symbols.stream().sorted().toList();
  }

  public static Dim of(long extent) {
    return new Dim(extent, List.of());
  }

  /** A named dimension, bound when a graph is run. */
  public static Dim of(String symbol) {
    if (symbol.isBlank()) {
      throw new IllegalArgumentException("the name of a dimension is blank");
    }
    return new Dim(1, List.of(symbol));
  }

  public boolean isLiteral() {
    return symbols.isEmpty();
  }

  public boolean isOne() {
    return equals(ONE);
  }

  public Dim times(Dim other) {
    List<String> all = new ArrayList<>(symbols);
    all.addAll(other.symbols);
    return new Dim(Math.multiplyExact(factor, other.factor), all);
  }

  /**
   * The extent under the given values of the symbols.
   *
   * @throws IllegalArgumentException if a symbol is not bound
   */
  public long bind(Map<String, Long> symbolValues) {
    long extent = factor;
    for (String symbol : symbols) {
      Long value = symbolValues.get(symbol);
      if (value == null) {
        throw new IllegalArgumentException(
            "no input gives the extent of '%s'; known: %s"
                .formatted(symbol, symbolValues.keySet()));
      }
      extent = Math.multiplyExact(extent, value);
    }
    return extent;
  }

  @Override
  public String toString() {
    if (symbols.isEmpty()) {
      return Long.toString(factor);
    }
    String product = String.join("*", symbols);
    return factor == 1 ? product : factor + "*" + product;
  }
}
