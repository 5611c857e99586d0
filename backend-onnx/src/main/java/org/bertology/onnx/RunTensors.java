package org.bertology.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** The native tensors of one run; the memory behind them is the host's. */
final class RunTensors implements AutoCloseable {
  private final OrtEnvironment environment;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
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
   * @param hook a name for messages
   * @throws IllegalArgumentException if a host tensor cannot hold it
   */
  void expect(String hook, String name, DType type, long[] shape) throws OrtException {
    if (outputs.containsKey(name)) {
      return;
    }
    ByteBuffer memory = HostTensors.allocate(bytes(hook, type, shape));
    outputs.put(name, HostTensors.over(environment, memory, shape, type));
    results.put(name, Tensor.of(type, shape, memory));
  }

  private static int bytes(String hook, DType type, long[] shape) {
    double bytes = type.bytes();
    for (long extent : shape) {
      bytes *= extent;
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "output '%s' of %s %s needs %.0f bytes; one tensor holds at most %d; run smaller batches"
              .formatted(hook, type, Arrays.toString(shape), bytes, Integer.MAX_VALUE));
    }
    return (int) bytes;
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  Map<String, OnnxTensor> outputs() {
    return outputs;
  }

  /** An output as a host tensor, which stays valid after {@link #close}. */
  Tensor result(String name) {
    return results.get(name);
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
