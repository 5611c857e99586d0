package org.bertology.tensorflow;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.Weights;
import org.tensorflow.Tensor;

/**
 * The tensors of weights, made once per {@link Weights} instance and parameter. Sessions do not
 * share variables, but a variable takes the memory of the tensor that is assigned to it, so that
 * all graphs of an instance read one copy. TensorFlow counts the readers of that memory: a tensor
 * may be closed while a variable still has it. When nobody holds an instance any more, its tensors
 * are closed at the next use.
 */
final class UploadedWeights implements AutoCloseable {
  private final Elements elements;
  private final ReferenceQueue<Weights> unreachable = new ReferenceQueue<>();
  private final Map<Instance, Map<String, Tensor>> tensors = new HashMap<>();

  UploadedWeights(Elements elements) {
    this.elements = elements;
  }

  /** The tensor of a parameter; this object closes it. */
  synchronized Tensor tensor(Weights weights, String name) {
    closeUnreachable();
    return tensors
        .computeIfAbsent(new Instance(weights, unreachable), key -> new HashMap<>())
        .computeIfAbsent(
            name, key -> NativeTensors.copyIn(weights.get(name), elements.host(ElementType.FLOAT)));
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
      Map<String, Tensor> ofInstance = tensors.remove(gone);
      if (ofInstance != null) {
        close(ofInstance);
      }
    }
  }

  private static void close(Map<String, Tensor> ofInstance) {
    ofInstance.values().forEach(Tensor::close);
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
