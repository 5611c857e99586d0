package org.bertology.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** A session over a model file, with the options that ONNX Runtime has by itself. */
final class OnnxFile implements ExportedGraph {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Lifetime owner;
  private final Lifetime lifetime = new Lifetime("this file on onnx");

  OnnxFile(OrtEnvironment environment, OrtSession session, Lifetime owner) {
    this.environment = environment;
    this.session = lifetime.register(session);
    this.owner = owner;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return lifetime.use(() -> runOpen(inputs));
  }

  private Map<String, Tensor> runOpen(Map<String, Tensor> inputs) {
    Map<String, OnnxTensor> given = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        Tensor tensor = input.getValue();
        given.put(input.getKey(), HostTensors.share(environment, tensor, tensor.type()));
      }
      try (OrtSession.Result results = session.run(given)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> result : results) {
          outputs.put(result.getKey(), copied((OnnxTensor) result.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw OnnxFailures.failure("run the file", e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static Tensor copied(OnnxTensor tensor) {
    DType type =
        switch (tensor.getInfo().type) {
          case FLOAT -> DType.F32;
          case INT64 -> DType.I64;
          case BOOL -> DType.BOOL;
          default -> throw new BackendException("onnx gave a tensor of " + tensor.getInfo());
        };
    return Tensor.of(type, tensor.getInfo().getShape(), tensor.getByteBuffer());
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
