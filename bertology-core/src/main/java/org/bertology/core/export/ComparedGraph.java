package org.bertology.core.export;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.model.PlainModel;
import org.bertology.api.tensor.Tensor;

/** The model on its engine and what was loaded from a file, run on the same inputs. */
final class ComparedGraph implements CompiledGraph {
  private final CompiledGraph model;
  private final ExportedGraph file;
  private final PlainModel plain;

  /** Both stay their owners'. */
  ComparedGraph(CompiledGraph model, ExportedGraph file, PlainModel plain) {
    this.model = model;
    this.file = file;
    this.plain = plain;
  }

  @Override
  public Map<String, TensorType> inputs() {
    Map<String, TensorType> inputs = new HashMap<>(model.inputs());
    plain.inputs().forEach(name -> inputs.put(name, plain.graph().value(name).type()));
    return inputs;
  }

  /** What the model gives by the names of hooks, what the file gives by {@link #ofFile}. */
  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    Map<String, Tensor> ofModel = new HashMap<>(inputs);
    ofModel.keySet().retainAll(model.inputs().keySet());
    Map<String, Tensor> results = new LinkedHashMap<>(model.run(ofModel));
    Map<String, Tensor> ofFile = new HashMap<>(inputs);
    ofFile.keySet().retainAll(plain.inputs());
    file.run(ofFile).forEach((name, tensor) -> results.put(ofFile(name), tensor));
    return results;
  }

  /** The name of a file's output among the results. */
  static String ofFile(String output) {
    return "file/" + output;
  }

  /** One of the results. */
  static Tensor result(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    if (tensor == null) {
      throw new BackendException(
          "'%s' is not among the results %s".formatted(name, results.keySet()));
    }
    return tensor;
  }

  @Override
  public void close() {}
}
