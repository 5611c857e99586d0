package org.bertology.api.rewrite;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;

/**
 * A graph in two parts for runs between which only some inputs change: the prefix is computed once,
 * the suffix for each run. They meet in values that are outputs of the prefix and inputs of the
 * suffix, under names that are the same for every split of one graph.
 *
 * <p>A value belongs to the suffix if it depends on an input that changes. What costs nothing to
 * compute again, such as another input in another shape, is computed on both sides rather than
 * handed over.
 *
 * @param prefix the graph with the values that are handed over among its names
 * @param suffix the graph with those values as inputs
 * @param handedOver names of the values in which the parts meet
 */
public record Split(Graph prefix, Graph suffix, List<String> handedOver) {
  public Split {
    handedOver = List.copyOf(handedOver);
  }

  /**
   * Splits a graph.
   *
   * @param outputs what is going to be computed, all of it by the suffix
   * @param changing names of inputs
   * @throws IllegalArgumentException if an output is unknown, or does not depend on an input that
   *     changes
   */
  public static Split of(Graph graph, Collection<String> outputs, Set<String> changing) {
    List<Value> nodes = graph.nodes(outputs);
    Set<Value> dependent = dependent(nodes, changing);
    for (String output : outputs) {
      if (!dependent.contains(graph.value(output))) {
        throw new IllegalArgumentException(
            "the output '%s' does not depend on %s".formatted(output, changing));
      }
    }
    Map<String, Value> cuts = cuts(nodes, dependent);
    return new Split(graph.with(cuts), suffix(graph, outputs, cuts), List.copyOf(cuts.keySet()));
  }

  private static Set<Value> dependent(List<Value> nodes, Set<String> changing) {
    Set<Value> dependent = new HashSet<>();
    for (Value node : nodes) {
      boolean changes = node.op() instanceof Op.Input input && changing.contains(input.name());
      if (changes || node.operands().stream().anyMatch(dependent::contains)) {
        dependent.add(node);
      }
    }
    return dependent;
  }

  private static Map<String, Value> cuts(List<Value> nodes, Set<Value> dependent) {
    Map<String, Value> cuts = new LinkedHashMap<>();
    for (Value node : nodes) {
      if (dependent.contains(node)) {
        for (Value operand : node.operands()) {
          Value small = beforeBroadcast(operand);
          if (!dependent.contains(operand) && !isFree(small)) {
            cuts.put("handed over " + small.id(), small);
          }
        }
      }
    }
    return cuts;
  }

  private static Value beforeBroadcast(Value value) {
    return value.op() instanceof Op.Broadcast ? beforeBroadcast(value.operand(0)) : value;
  }

  /** Whether a value is an input, a parameter or a constant, or one of them in another shape. */
  private static boolean isFree(Value value) {
    boolean shapeOnly =
        value.op() instanceof Op.Reshape
            || value.op() instanceof Op.Transpose
            || value.op() instanceof Op.Broadcast
            || value.op() instanceof Op.Slice
            || value.op() instanceof Op.Cast;
    return value.operands().isEmpty() || (shapeOnly && isFree(value.operand(0)));
  }

  private static Graph suffix(Graph graph, Collection<String> outputs, Map<String, Value> cuts) {
    Set<String> others = new HashSet<>(graph.names().keySet());
    others.removeAll(outputs);
    Map<Value, Value> inputs = new HashMap<>();
    cuts.forEach(
        (name, value) ->
            inputs.put(value, value.graph().input(name, value.type().element(), value.shape())));
    return graph.without(others).substitute(inputs);
  }
}
