package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;

/** Weights under their canonical names, whatever spelling the file has. */
final class CanonicalWeights implements StoredWeights {
  private final StoredWeights stored;

  /** The file's name of each parameter, by canonical name. */
  private final Map<String, String> storedNames;

  private CanonicalWeights(StoredWeights stored, Map<String, String> storedNames) {
    this.stored = stored;
    this.storedNames = Collections.unmodifiableMap(storedNames);
  }

  /**
   * A view of weights under canonical names.
   *
   * @throws ContentException if two names mean the same parameter
   */
  static CanonicalWeights of(Path source, StoredWeights stored) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : stored.names()) {
      String other = names.putIfAbsent(canonical(stored, name), name);
      if (other != null) {
        throw new ContentException(
            "'%s': the tensors '%s' and '%s' are the same parameter"
                .formatted(source, other, name));
      }
    }
    return new CanonicalWeights(stored, names);
  }

  // The library saved the bias of the language-model head under both names for years, and under
  // either of them alone.
  private static String canonical(StoredWeights stored, String name) {
    boolean alias =
        name.equals(CheckpointNames.DECODER_BIAS)
            && !stored.names().contains(CheckpointNames.PREDICTIONS_BIAS);
    return alias ? CheckpointNames.PREDICTIONS_BIAS : CheckpointNames.canonical(name);
  }

  @Override
  public Set<String> names() {
    return storedNames.keySet();
  }

  @Override
  public long[] shape(String name) {
    return stored.shape(storedName(name));
  }

  @Override
  public Tensor get(String name) {
    return stored.get(storedName(name));
  }

  @Override
  public StoredType storedType(String name) {
    return stored.storedType(storedName(name));
  }

  @Override
  public Tensor tensor(String name) {
    return stored.tensor(storedName(name));
  }

  @Override
  public String storedName(String name) {
    String storedName = storedNames.get(name);
    if (storedName == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return storedName;
  }
}
