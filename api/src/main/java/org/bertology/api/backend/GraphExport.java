package org.bertology.api.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Weights;

/**
 * A graph with its weights, as it goes into a file.
 *
 * @param graph whose names are those that the file has for inputs and outputs
 * @param weights of its parameters
 * @param inputs in the order in which the file takes them, whether or not outputs depend on them
 * @param outputs in the order in which the file gives them
 * @param description for people, in formats that have a place for it
 * @param metadata text by key for programs, in formats that have a place for it
 */
public record GraphExport(
    Graph graph,
    Weights weights,
    List<String> inputs,
    List<String> outputs,
    String description,
    Map<String, String> metadata) {

  /**
   * Checks that all is there.
   *
   * @throws IllegalArgumentException if a name is unknown or stands for something else, the outputs
   *     need another input, no output is asked for, or a parameter is missing or misshapen
   */
  public GraphExport {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Map.copyOf(metadata);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output is asked for; name at least one");
    }
    for (String name : inputs) {
      boolean isInput =
          graph.value(name).op() instanceof Op.Input input && input.name().equals(name);
      if (!isInput) {
        throw new IllegalArgumentException("'%s' is not an input of this graph".formatted(name));
      }
    }
    requireAllInputs(graph.nodes(outputs), inputs);
    Bindings.checkParameters(graph.nodes(outputs), weights);
  }

  private static void requireAllInputs(List<Value> nodes, List<String> inputs) {
    Set<String> missing =
        nodes.stream()
            .filter(node -> node.op() instanceof Op.Input)
            .map(node -> ((Op.Input) node.op()).name())
            .filter(name -> !inputs.contains(name))
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "the outputs depend on %s, which are not among the inputs %s".formatted(missing, inputs));
    }
  }

  /** What the outputs depend on, and all inputs, operands before results. */
  public List<Value> nodes() {
    List<String> names = new ArrayList<>(inputs);
    names.addAll(outputs);
    return graph.nodes(names);
  }

  /** The names of the parameters among the nodes, each once. */
  public List<String> parameters() {
    return Bindings.checkParameters(nodes(), weights);
  }
}
