package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** The reference backend, which breaks down after some batches. */
final class InterruptedModule extends AbstractModule {
  private final AtomicInteger left;

  InterruptedModule(int batches) {
    left = new AtomicInteger(batches);
  }

  /** How many batches have not been run. */
  int left() {
    return left.get();
  }

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, BackendFactory.class)
        .addBinding(ReferenceModule.NAME)
        .toInstance(new Factory(left));
  }

  private record Factory(AtomicInteger left) implements BackendFactory {
    @Override
    public String name() {
      return ReferenceModule.NAME;
    }

    @Override
    public Backend create(BackendConfig config) {
      return new Breaking(new ReferenceBackend(), left);
    }
  }

  private record Breaking(ReferenceBackend whole, AtomicInteger left) implements Backend {
    @Override
    public String name() {
      return whole.name();
    }

    @Override
    public String version() {
      return whole.version();
    }

    @Override
    public Set<Capability> capabilities() {
      return whole.capabilities();
    }

    @Override
    public List<String> devices() {
      return whole.devices();
    }

    @Override
    public BackendConfig config() {
      return whole.config();
    }

    @Override
    public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
      return new BreakingGraph(whole.compile(graph, weights, outputs), left);
    }

    @Override
    public void close() {
      whole.close();
    }
  }

  private record BreakingGraph(CompiledGraph graph, AtomicInteger left) implements CompiledGraph {
    @Override
    public Map<String, TensorType> inputs() {
      return graph.inputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
      if (left.getAndDecrement() <= 0) {
        throw new BackendException("the power went out");
      }
      return graph.run(inputs);
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
