package org.bertology.api.graph;

import java.util.Collection;
import java.util.Map;

/**
 * The floating-point operations of a graph's matrix products: 2·m·n·k for {@code [m, k] × [k, n]},
 * a multiplication and an addition each. Everything else is left out, as is customary: it is
 * little, and how much depends on the engine.
 */
public final class Flops {
  private Flops() {}

  /**
   * What computing some outputs once takes.
   *
   * @param symbols the extent of every symbol, such as {@code batch} and {@code sequence}
   * @throws IllegalArgumentException if an output is unknown, or a symbol is not bound
   * @throws ArithmeticException if the number exceeds a long
   */
  public static long of(Graph graph, Collection<String> outputs, Map<String, Long> symbols) {
    long total = 0;
    for (Value node : graph.nodes(outputs)) {
      total = Math.addExact(total, of(node, symbols));
    }
    return total;
  }

  /**
   * What computing one value from its operands takes.
   *
   * @throws IllegalArgumentException if a symbol is not bound
   */
  public static long of(Value node, Map<String, Long> symbols) {
    return of(node).bind(symbols);
  }

  private static Dim of(Value node) {
    if (node.op() instanceof Op.Linear) {
      return product(node, node.operand(0).shape().last());
    }
    if (node.op() instanceof Op.MatMul matMul) {
      return product(node, node.operand(0).dim(matMul.transposeLeft() ? -2 : -1));
    }
    return Dim.of(0);
  }

  /** Every entry of the result is a sum of as many products as the contracted axis is long. */
  private static Dim product(Value node, Dim contracted) {
    return Dim.of(2).times(node.shape().size()).times(contracted);
  }
}
