package org.bertology.api.reference;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.HookLabels;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * The executable specification of all operations as a backend: plain loops in double arithmetic,
 * whatever the configuration says. For tests and tiny models; it is thousands of times slower than
 * an engine.
 */
public final class ReferenceBackend implements Backend {
  private final Lifetime lifetime = new Lifetime("the reference backend");

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String version() {
    return "double arithmetic in Java " + Runtime.version().feature();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.DOUBLE_PRECISION);
  }

  @Override
  public List<String> devices() {
    return List.of("cpu");
  }

  @Override
  public BackendConfig config() {
    return BackendConfig.defaults().withPrecision(Precision.FLOAT64);
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output is asked for; name at least one");
    }
    List<Value> nodes = graph.nodes(outputs);
    Bindings.checkParameters(nodes, weights);
    Map<String, Value> wanted = new LinkedHashMap<>();
    outputs.forEach(name -> wanted.put(name, graph.value(name)));
    Bindings bindings = Bindings.of(graph, outputs);
    return lifetime.use(
        () ->
            lifetime.register(
                new InterpretedGraph(
                    nodes, weights, wanted, bindings, new HookLabels(graph, nodes), lifetime)));
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private static final class InterpretedGraph implements CompiledGraph {
    private final List<Value> nodes;
    private final Weights weights;
    private final Map<String, Value> outputs;
    private final Bindings bindings;
    private final HookLabels labels;
    private final Lifetime owner;
    private final Lifetime lifetime = new Lifetime("this graph on reference");

    InterpretedGraph(
        List<Value> nodes,
        Weights weights,
        Map<String, Value> outputs,
        Bindings bindings,
        HookLabels labels,
        Lifetime owner) {
      this.nodes = nodes;
      this.weights = weights;
      this.outputs = outputs;
      this.bindings = bindings;
      this.labels = labels;
      this.owner = owner;
    }

    @Override
    public Map<String, TensorType> inputs() {
      return bindings.inputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
      return lifetime.use(
          () -> {
            Map<String, Long> symbols = bindings.check(inputs);
            outputs.forEach((name, value) -> checkSize(name, value.type(), symbols));
            Interpreter interpreter = new Interpreter(weights, inputs, symbols, labels);
            interpreter.run(nodes);
            Map<String, Tensor> results = new LinkedHashMap<>();
            outputs.forEach((name, value) -> results.put(name, interpreter.tensor(value)));
            return results;
          });
    }

    private static void checkSize(String name, TensorType type, Map<String, Long> symbols) {
      DType host = Bindings.hostType(type.element(), Precision.FLOAT64);
      Bindings.checkSize(name, host, type.shape().bind(symbols));
    }

    @Override
    public void close() {
      lifetime.close();
      owner.forget(this);
    }
  }
}
