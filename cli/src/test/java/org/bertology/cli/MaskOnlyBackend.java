package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.multibindings.MapBinder;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.model.Hooks;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** The reference backend, but wrong about models that have no masks as inputs: cut ones. */
final class MaskOnlyBackend implements Backend {
  private final ReferenceBackend right = new ReferenceBackend();

  /** Under the name of the right one. */
  static Module module() {
    return new AbstractModule() {
      @Override
      protected void configure() {
        MapBinder.newMapBinder(binder(), String.class, BackendFactory.class)
            .addBinding(ReferenceModule.NAME)
            .toInstance(new Factory());
      }
    };
  }

  private static final class Factory implements BackendFactory {
    @Override
    public String name() {
      return ReferenceModule.NAME;
    }

    @Override
    public Backend create(BackendConfig config) {
      return new MaskOnlyBackend();
    }
  }

  @Override
  public String name() {
    return right.name();
  }

  @Override
  public String version() {
    return right.version();
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
    CompiledGraph compiled = right.compile(graph, weights, outputs);
    boolean masked = compiled.inputs().keySet().stream().anyMatch(name -> name.contains("_mask."));
    return masked ? compiled : new Wrong(compiled);
  }

  @Override
  public void close() {
    right.close();
  }

  private record Wrong(CompiledGraph graph) implements CompiledGraph {
    @Override
    public Map<String, TensorType> inputs() {
      return graph.inputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
      Map<String, Tensor> results = new LinkedHashMap<>(graph.run(inputs));
      results.computeIfPresent(
          Hooks.LOGITS,
          (name, logits) ->
              Tensor.of(
                  Arrays.stream(logits.toDoubles()).map(logit -> logit + 1).toArray(),
                  logits.shape()));
      return results;
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
