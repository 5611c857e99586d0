package org.bertology.core.prove;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.Tensor;

/** Two graphs that run on the same inputs, one after the other; their owners close them. */
final class PairedGraph implements CompiledGraph {
  private static final String FIRST = "first";
  private static final String SECOND = "second";

  private final CompiledGraph first;
  private final String firstOutput;
  private final CompiledGraph second;
  private final String secondOutput;

  PairedGraph(CompiledGraph first, String firstOutput, CompiledGraph second, String secondOutput) {
    this.first = first;
    this.firstOutput = firstOutput;
    this.second = second;
    this.secondOutput = secondOutput;
  }

  @Override
  public Map<String, TensorType> inputs() {
    Map<String, TensorType> inputs = new HashMap<>(second.inputs());
    inputs.putAll(first.inputs());
    return inputs;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return Map.of(
        FIRST, run(first, firstOutput, inputs), SECOND, run(second, secondOutput, inputs));
  }

  private static Tensor run(CompiledGraph graph, String output, Map<String, Tensor> inputs) {
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(graph.inputs().keySet());
    return Objects.requireNonNull(graph.run(needed).get(output), output);
  }

  /** The first graph's output among the results of a run. */
  Tensor first(Map<String, Tensor> results) {
    return Objects.requireNonNull(results.get(FIRST), FIRST);
  }

  /** The second graph's output among the results of a run. */
  Tensor second(Map<String, Tensor> results) {
    return Objects.requireNonNull(results.get(SECOND), SECOND);
  }

  @Override
  public void close() {}
}
