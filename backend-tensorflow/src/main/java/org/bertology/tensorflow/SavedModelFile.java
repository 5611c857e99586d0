package org.bertology.tensorflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;

/** A SavedModel that TensorFlow has loaded. */
final class SavedModelFile implements ExportedGraph {
  private final SavedModelBundle bundle;
  private final Lifetime owner;
  private final Lifetime lifetime = new Lifetime("this file on tensorflow");

  SavedModelFile(SavedModelBundle bundle, Lifetime owner) {
    this.bundle = lifetime.register(bundle);
    this.owner = owner;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return lifetime.use(() -> runOpen(inputs));
  }

  private Map<String, Tensor> runOpen(Map<String, Tensor> inputs) {
    Map<String, org.tensorflow.Tensor> given = new LinkedHashMap<>();
    try {
      inputs.forEach(
          (name, tensor) -> given.put(name, NativeTensors.copyIn(tensor, tensor.type())));
      try (Result results = bundle.function(SavedModelWriter.SIGNATURE).call(given)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        results.forEach(
            result ->
                outputs.put(
                    result.getKey(),
                    NativeTensors.copyOut(result.getValue(), type(result.getValue()))));
        return outputs;
      }
    } catch (RuntimeException e) {
      throw TensorFlowFailures.translated("run the file", Map.of(), e);
    } finally {
      given.values().forEach(org.tensorflow.Tensor::close);
    }
  }

  private static DType type(org.tensorflow.Tensor tensor) {
    return switch (tensor.dataType()) {
      case DT_FLOAT -> DType.F32;
      case DT_INT64 -> DType.I64;
      case DT_BOOL -> DType.BOOL;
      default -> throw new BackendException("tensorflow gave a tensor of " + tensor.dataType());
    };
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
