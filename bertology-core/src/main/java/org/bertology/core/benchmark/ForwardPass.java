package org.bertology.core.benchmark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;

/**
 * A model, or a masked model, made ready to be timed: from tensors in memory to the task's output,
 * one batch after the other. The owner closes it, before the model.
 */
public final class ForwardPass implements AutoCloseable {
  private final Model model;
  private final Optional<EncodedData> data;
  private final ModelMask mask;
  private final CompiledGraph graph;
  private final Map<Workload, List<Map<String, Tensor>>> prepared = new HashMap<>();

  private ForwardPass(
      Model model, Optional<EncodedData> data, ModelMask mask, CompiledGraph graph) {
    this.model = model;
    this.data = data;
    this.mask = mask;
    this.graph = graph;
  }

  /**
   * Compiles the pass.
   *
   * @param data whose examples are run by {@linkplain Workload#length() workloads} without a length
   * @param mask what is masked; all ones for the model without mask inputs
   */
  public static ForwardPass open(Model model, Optional<EncodedData> data, ModelMask mask) {
    CompiledGraph graph = model.compile(model.graph(mask.kinds()), List.of(model.output()));
    return new ForwardPass(model, data, mask, graph);
  }

  /** Runs a workload once and gives the seconds that it took; inputs are made outside the time. */
  public double seconds(Workload workload) {
    List<Map<String, Tensor>> batches =
        prepared.computeIfAbsent(workload, unused -> needed(workload.inputs(model, data, mask)));
    long start = System.nanoTime();
    batches.forEach(graph::run);
    return (System.nanoTime() - start) / 1e9;
  }

  private List<Map<String, Tensor>> needed(List<Map<String, Tensor>> batches) {
    return batches.stream()
        .map(
            batch -> {
              Map<String, Tensor> inputs = new HashMap<>(batch);
              inputs.keySet().retainAll(graph.inputs().keySet());
              return inputs;
            })
        .toList();
  }

  @Override
  public void close() {
    graph.close();
  }
}
