package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.ContentException;

/** Weights under their canonical names, whatever spelling the file has. */
final class CanonicalWeights implements Weights {
  private final Weights stored;

  /** The file's name of each parameter, by canonical name. */
  private final Map<String, String> storedNames;

  private CanonicalWeights(Weights stored, Map<String, String> storedNames) {
    this.stored = stored;
    this.storedNames = Collections.unmodifiableMap(storedNames);
  }

  /**
   * A view of weights under canonical names.
   *
   * @throws ContentException if two names mean the same parameter
   */
  static CanonicalWeights of(Path source, Weights stored) {
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
  private static String canonical(Weights stored, String name) {
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

  private String storedName(String name) {
    String storedName = storedNames.get(name);
    if (storedName == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return storedName;
  }
}
