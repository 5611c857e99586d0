package org.bertology.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** A module that PyTorch has loaded from a file. */
final class TorchScriptFile implements ExportedGraph {
  private final TorchModule module;
  private final List<String> arguments;
  private final TorchWorkers workers;
  private final NDManager manager;
  private final Lifetime owner;
  private final Lifetime lifetime = new Lifetime("this file on djl");

  TorchScriptFile(
      TorchModule module,
      List<String> arguments,
      TorchWorkers workers,
      NDManager manager,
      Lifetime owner) {
    this.module = lifetime.register(module);
    this.arguments = arguments;
    this.workers = workers;
    this.manager = manager;
    this.owner = owner;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return lifetime.use(() -> workers.run(() -> runOpen(inputs)));
  }

  private Map<String, Tensor> runOpen(Map<String, Tensor> inputs) {
    try (NDManager ofRun = manager.newSubManager();
        NDList results = module.run(ofRun, given(ofRun, inputs), List.of(), false)) {
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (NDArray result : results) {
        outputs.put(result.getName(), HostArrays.read(result, type(result)));
      }
      return outputs;
    } catch (EngineException e) {
      throw DjlFailures.failure("run the file", List.of(), e);
    }
  }

  private NDList given(NDManager ofRun, Map<String, Tensor> inputs) {
    NDList list = new NDList(arguments.size());
    for (String name : arguments) {
      Tensor tensor = inputs.get(name);
      if (tensor == null) {
        throw new BackendException(
            "djl could not run the file: it takes %s, got %s"
                .formatted(arguments, inputs.keySet()));
      }
      list.add(HostArrays.copy(ofRun, tensor, tensor.type()));
    }
    return list;
  }

  private static DType type(NDArray array) {
    return switch (array.getDataType()) {
      case FLOAT32 -> DType.F32;
      case INT64 -> DType.I64;
      case BOOLEAN -> DType.BOOL;
      default -> throw new BackendException("djl gave an array of " + array.getDataType());
    };
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
