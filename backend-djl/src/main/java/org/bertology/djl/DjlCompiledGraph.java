package org.bertology.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** One script and what is checked before it is run. */
final class DjlCompiledGraph implements CompiledGraph {
  private final TorchScript script;
  private final TorchModule module;
  private final TorchWorkers workers;
  private final NDManager manager;
  private final List<NDArray> parameters;
  private final ScriptTypes types;
  private final Bindings bindings;
  private final Map<String, TensorType> outputs;
  private final Lifetime owner;
  private final Lifetime lifetime = new Lifetime("this graph on djl");

  /** The parameters are in the memory of these tensors, which live as long as the instance does. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final Weights weights;

  DjlCompiledGraph(
      TorchScript script,
      TorchModule module,
      TorchWorkers workers,
      NDManager manager,
      List<NDArray> parameters,
      ScriptTypes types,
      Bindings bindings,
      Map<String, TensorType> outputs,
      Weights weights,
      Lifetime owner) {
    this.script = script;
    this.module = lifetime.register(module);
    this.workers = workers;
    this.manager = manager;
    this.parameters = List.copyOf(parameters);
    this.types = types;
    this.bindings = bindings;
    this.outputs = outputs;
    this.weights = weights;
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
          outputs.forEach((name, type) -> checkSize(name, type, symbols));
          return workers.run(() -> runChecked(inputs));
        });
  }

  private Map<String, Tensor> runChecked(Map<String, Tensor> inputs) {
    try (NDManager ofRun = manager.newSubManager();
        NDList results =
            module.run(ofRun, arrays(ofRun, inputs), parameters, script.differentiates())) {
      return copied(results);
    } catch (EngineException e) {
      throw DjlFailures.failure("run the graph", script.hooks(), e);
    }
  }

  private void checkSize(String name, TensorType type, Map<String, Long> symbols) {
    Bindings.checkSize(name, types.host(type.element()), type.shape().bind(symbols));
  }

  /** The inputs of the script, the first of which nobody reads. */
  private List<NDArray> arrays(NDManager ofRun, Map<String, Tensor> inputs) {
    List<NDArray> arrays = new ArrayList<>(script.inputs().size() + 1);
    arrays.add(ofRun.zeros(new Shape(0)));
    for (String name : script.inputs()) {
      Tensor tensor = Objects.requireNonNull(inputs.get(name), name); // checked before
      TensorType type = Objects.requireNonNull(bindings.inputs().get(name), name);
      arrays.add(HostArrays.copy(ofRun, tensor, types.host(type.element())));
    }
    return arrays;
  }

  private Map<String, Tensor> copied(NDList results) {
    Map<Integer, Tensor> read = new LinkedHashMap<>();
    Map<String, Tensor> named = new LinkedHashMap<>();
    script
        .outputs()
        .forEach(
            (name, place) -> {
              TensorType type = Objects.requireNonNull(outputs.get(name), name);
              DType element = types.host(type.element());
              named.put(
                  name, read.computeIfAbsent(place, i -> HostArrays.read(results.get(i), element)));
            });
    return named;
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
