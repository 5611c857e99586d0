package org.bertology.djl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Value;

/** For each value its hook name, or that of the nearest value which is computed from it. */
final class HookLabels {
  private static final String NONE = "graph";

  private final Map<Value, String> labels = new HashMap<>();

  HookLabels(Graph graph, List<Value> nodes) {
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

  String of(Value value) {
    return labels.getOrDefault(value, NONE);
  }
}
