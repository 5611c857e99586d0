package org.bertology.api.backend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Value;

/**
 * For each value its hook name, or that of the nearest value which is computed from it: where in a
 * model a failure of an engine is.
 */
public final class HookLabels {
  private static final String NONE = "graph";

  private final Map<Value, String> labels = new HashMap<>();

  /**
   * The labels of the nodes of a graph.
   *
   * @param nodes operands before results
   */
  public HookLabels(Graph graph, List<Value> nodes) {
    graph.names().forEach((name, value) -> labels.putIfAbsent(value, name));
    Map<Value, String> own = Map.copyOf(labels);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      String label = of(nodes.get(i));
      for (Value operand : nodes.get(i).operands()) {
        if (!own.containsKey(operand)) {
          labels.put(operand, label);
        }
      }
    }
  }

  /** Labels a value and what it was made of, as far as they have no label. */
  public void inherit(Value value, String label) {
    if (labels.putIfAbsent(value, label) == null) {
      value.operands().forEach(operand -> inherit(operand, label));
    }
  }

  /** The label of a value, {@code graph} if nothing that has a name is computed from it. */
  public String of(Value value) {
    return labels.getOrDefault(value, NONE);
  }
}
