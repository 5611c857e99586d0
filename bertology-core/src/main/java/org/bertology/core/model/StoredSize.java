package org.bertology.core.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;

/**
 * What the tensors of a checkpoint take on disk.
 *
 * @param bytes of all tensors' data
 * @param elements how many numbers there are of each element type, tensors that the task does not
 *     use included
 */
public record StoredSize(long bytes, Map<StoredType, Long> elements) {
  public StoredSize {
    elements = Collections.unmodifiableMap(new TreeMap<>(elements));
  }

  /** The size of a checkpoint's tensors, each counted, whether or not it shares its data. */
  public static StoredSize of(Checkpoint checkpoint) {
    StoredWeights weights = checkpoint.weights();
    Map<StoredType, Long> elements = new TreeMap<>();
    for (String name : weights.names()) {
      elements.merge(weights.storedType(name), size(weights.shape(name)), Long::sum);
    }
    long bytes =
        elements.entrySet().stream().mapToLong(e -> e.getKey().bytes() * e.getValue()).sum();
    return new StoredSize(bytes, elements);
  }

  private static long size(long[] shape) {
    return Arrays.stream(shape).reduce(1, (left, right) -> left * right);
  }
}
