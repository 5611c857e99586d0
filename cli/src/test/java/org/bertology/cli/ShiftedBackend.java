package org.bertology.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** An engine that is wrong in one head: half more in the context of layer 2, head 3, from 1. */
final class ShiftedBackend implements Backend {
  private static final String WRONG = "layer.1.attention.context";
  private static final int HEAD = 2;

  private final ReferenceBackend right = new ReferenceBackend();

  @Override
  public String name() {
    return ComparedModule.SHIFTED;
  }

  @Override
  public String version() {
    return "a wrong engine";
  }

  @Override
  public Set<Capability> capabilities() {
    return right.capabilities();
  }

  @Override
  public List<String> devices() {
    return right.devices();
  }

  @Override
  public BackendConfig config() {
    return right.config();
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    return new Shifted(right.compile(graph, weights, outputs));
  }

  @Override
  public void close() {
    right.close();
  }

  private record Shifted(CompiledGraph graph) implements CompiledGraph {
    @Override
    public Map<String, TensorType> inputs() {
      return graph.inputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
      Map<String, Tensor> results = new LinkedHashMap<>(graph.run(inputs));
      results.computeIfPresent(WRONG, (name, context) -> shifted(context));
      return results;
    }

    /** {@code [B, H, T, D]}. */
    private static Tensor shifted(Tensor context) {
      double[] values = context.toDoubles();
      long perHead = context.extent(2) * context.extent(3);
      for (int i = 0; i < values.length; i++) {
        boolean wrong = i / perHead % context.extent(1) == HEAD;
        values[i] += wrong ? 0.5 : 0;
      }
      return Tensor.of(values, context.shape());
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
