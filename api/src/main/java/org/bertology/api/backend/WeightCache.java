package org.bertology.api.backend;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.bertology.api.tensor.Weights;

/**
 * An engine's own form of weights, made once per {@link Weights} instance and parameter. When
 * nobody holds an instance any more, what was made of it is released at the next use; so where the
 * engine reads the instance's memory, who holds a graph must hold the instance too. Thread-safe.
 *
 * @param <T> what the engine makes of a parameter
 */
public final class WeightCache<T> implements AutoCloseable {
  private final BiFunction<Weights, String, T> upload;
  private final Consumer<T> release;
  private final ReferenceQueue<Weights> unreachable = new ReferenceQueue<>();
  private final Map<Instance, Map<String, T>> uploaded = new HashMap<>();

  /**
   * Nothing yet.
   *
   * @param upload makes the engine's form of a parameter
   * @param release gives it up again; called once for each
   */
  public WeightCache(BiFunction<Weights, String, T> upload, Consumer<T> release) {
    this.upload = upload;
    this.release = release;
  }

  /** The engine's form of a parameter; this cache releases it. */
  public synchronized T get(Weights weights, String name) {
    releaseUnreachable();
    return uploaded
        .computeIfAbsent(new Instance(weights, unreachable), key -> new HashMap<>())
        .computeIfAbsent(name, key -> upload.apply(weights, key));
  }

  /** How many parameters are held, of all instances together. */
  public synchronized int size() {
    releaseUnreachable();
    return uploaded.values().stream().mapToInt(Map::size).sum();
  }

  private void releaseUnreachable() {
    for (Reference<? extends Weights> gone = unreachable.poll();
        gone != null;
        gone = unreachable.poll()) {
      Map<String, T> ofInstance = uploaded.remove(gone);
      if (ofInstance != null) {
        ofInstance.values().forEach(release);
      }
    }
  }

  /** Releases everything. Idempotent. */
  @Override
  public synchronized void close() {
    uploaded.values().forEach(ofInstance -> ofInstance.values().forEach(release));
    uploaded.clear();
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
