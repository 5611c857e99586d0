package org.bertology.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Objects;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** One session of ONNX Runtime and what is checked before it is run. */
final class OnnxCompiledGraph implements CompiledGraph {
  /** What is computed for a name: the model's tensor, and its type. */
  record Output(String tensor, TensorType type) {}

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Elements elements;
  private final Bindings bindings;
  private final Map<String, Output> outputs;
  private final Lifetime owner;
  private final Lifetime lifetime = new Lifetime("this graph on onnx");

  /** The session reads the memory of these tensors, which live as long as the instance does. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final Weights weights;

  OnnxCompiledGraph(
      OrtEnvironment environment,
      OrtSession session,
      Elements elements,
      Bindings bindings,
      Map<String, Output> outputs,
      Weights weights,
      Lifetime owner) {
    this.environment = environment;
    this.session = lifetime.register(session);
    this.elements = elements;
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
    return lifetime.use(() -> runChecked(inputs, bindings.check(inputs)));
  }

  private Map<String, Tensor> runChecked(Map<String, Tensor> inputs, Map<String, Long> symbols) {
    try (RunTensors tensors = new RunTensors(environment)) {
      for (Map.Entry<String, TensorType> input : bindings.inputs().entrySet()) {
        String name = input.getKey();
        Tensor tensor = Objects.requireNonNull(inputs.get(name), name); // checked before
        tensors.give(name, tensor, elements.host(input.getValue().element()));
      }
      for (Map.Entry<String, Output> named : outputs.entrySet()) {
        Output output = named.getValue();
        long[] shape = output.type().shape().bind(symbols);
        DType type = elements.host(output.type().element());
        tensors.expect(named.getKey(), output.tensor(), type, shape);
      }
      session.run(tensors.inputs(), tensors.outputs()).close();
      return tensors.results();
    } catch (OrtException e) {
      throw OnnxFailures.failure("run the graph", e);
    }
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
