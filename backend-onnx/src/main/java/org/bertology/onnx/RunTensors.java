package org.bertology.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.backend.Bindings;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** The native tensors of one run; the memory behind them is the host's. */
final class RunTensors implements AutoCloseable {
  private final OrtEnvironment environment;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final Map<String, Tensor> written = new HashMap<>();
  private final Map<String, Tensor> results = new LinkedHashMap<>();

  RunTensors(OrtEnvironment environment) {
    this.environment = environment;
  }

  void give(String name, Tensor tensor, DType type) throws OrtException {
    inputs.put(name, HostTensors.share(environment, tensor, type));
  }

  /**
   * Reserves memory into which the engine writes an output, once for all names of it.
   *
   * @param hook the name that the caller knows the output by
   * @param name the name that the model has for it
   * @throws IllegalArgumentException if a host tensor cannot hold it
   */
  void expect(String hook, String name, DType type, long[] shape) throws OrtException {
    Tensor result = written.get(name);
    if (result == null) {
      ByteBuffer memory = HostTensors.allocate(Bindings.checkSize(hook, type, shape));
      outputs.put(name, HostTensors.over(environment, memory, shape, type));
      result = Tensor.of(type, shape, memory);
      written.put(name, result);
    }
    results.put(hook, result);
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  Map<String, OnnxTensor> outputs() {
    return outputs;
  }

  /** The outputs by their hooks, which stay valid after {@link #close}. */
  Map<String, Tensor> results() {
    return results;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
