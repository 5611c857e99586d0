package org.bertology.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.Weights;

/**
 * The arrays of weights, made once per {@link Weights} instance and parameter. On the processor
 * they are read where the host keeps them, so who runs a graph must hold the instance too; when
 * nobody does any more, its arrays are closed at the next use.
 */
final class UploadedWeights implements AutoCloseable {
  /** A list argument of a script is made of all arrays of the same name. */
  private static final String LIST = "w[]";

  private final NDManager manager;
  private final ScriptTypes types;
  private final ReferenceQueue<Weights> unreachable = new ReferenceQueue<>();
  private final Map<Instance, Map<String, NDArray>> arrays = new HashMap<>();

  /**
   * No weights yet.
   *
   * @param manager owns the arrays from then on
   */
  UploadedWeights(NDManager manager, ScriptTypes types) {
    this.manager = manager;
    this.types = types;
  }

  /** The array of a parameter; this object closes it. */
  synchronized NDArray array(Weights weights, String name) {
    closeUnreachable();
    Map<String, NDArray> ofInstance =
        arrays.computeIfAbsent(new Instance(weights, unreachable), key -> new HashMap<>());
    NDArray array = ofInstance.get(name);
    if (array == null) {
      array = HostArrays.share(manager, weights.get(name), types.host(ElementType.FLOAT));
      array.setName(LIST);
      ofInstance.put(name, array);
    }
    return array;
  }

  /** How many arrays are held. */
  synchronized int size() {
    closeUnreachable();
    return arrays.values().stream().mapToInt(Map::size).sum();
  }

  private void closeUnreachable() {
    for (Reference<? extends Weights> gone = unreachable.poll();
        gone != null;
        gone = unreachable.poll()) {
      Map<String, NDArray> ofInstance = arrays.remove(gone);
      if (ofInstance != null) {
        ofInstance.values().forEach(NDArray::close);
      }
    }
  }

  @Override
  public synchronized void close() {
    arrays.clear();
    manager.close();
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
