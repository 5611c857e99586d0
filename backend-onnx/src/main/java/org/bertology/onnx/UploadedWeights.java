package org.bertology.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.Weights;

/**
 * The tensors of weights, made once per {@link Weights} instance and parameter. Sessions read them
 * where they are, so who holds a session must hold the instance too; when nobody does any more, its
 * tensors are closed at the next use.
 */
final class UploadedWeights implements AutoCloseable {
  private final OrtEnvironment environment;
  private final Elements elements;
  private final ReferenceQueue<Weights> unreachable = new ReferenceQueue<>();
  private final Map<Instance, Map<String, OnnxTensor>> tensors = new HashMap<>();

  UploadedWeights(OrtEnvironment environment, Elements elements) {
    this.environment = environment;
    this.elements = elements;
  }

  /** The tensor of a parameter; this object closes it. */
  synchronized OnnxTensor tensor(Weights weights, String name) throws OrtException {
    closeUnreachable();
    Map<String, OnnxTensor> ofInstance =
        tensors.computeIfAbsent(new Instance(weights, unreachable), key -> new HashMap<>());
    OnnxTensor tensor = ofInstance.get(name);
    if (tensor == null) {
      tensor = HostTensors.share(environment, weights.get(name), elements.host(ElementType.FLOAT));
      ofInstance.put(name, tensor);
    }
    return tensor;
  }

  /** How many tensors are held. */
  synchronized int size() {
    closeUnreachable();
    return tensors.values().stream().mapToInt(Map::size).sum();
  }

  private void closeUnreachable() {
    for (Reference<? extends Weights> gone = unreachable.poll();
        gone != null;
        gone = unreachable.poll()) {
      Map<String, OnnxTensor> ofInstance = tensors.remove(gone);
      if (ofInstance != null) {
        close(ofInstance);
      }
    }
  }

  private static void close(Map<String, OnnxTensor> ofInstance) {
    ofInstance.values().forEach(OnnxTensor::close);
  }

  @Override
  public synchronized void close() {
    tensors.values().forEach(UploadedWeights::close);
    tensors.clear();
  }

  /** A weak key that is equal to another one of the same instance. */
  private static final class Instance extends WeakReference<Weights> {
    private final int hash;

    Instance(Weights weights, ReferenceQueue<Weights> queue) {
      super(weights, queue);
      this.hash = System.identityHashCode(weights);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return this == other
          || other instanceof Instance instance && get() != null && get() == instance.get();
    }
  }
}
