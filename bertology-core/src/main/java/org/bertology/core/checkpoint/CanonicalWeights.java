package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.family.ParameterNames;

/** Weights under their canonical names, whatever spelling the file has, without constants. */
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
  static CanonicalWeights of(Path source, StoredWeights stored, ParameterNames spellings) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : stored.names()) {
      String canonical = spellings.canonical(name, stored.names());
      String other = spellings.isConstant(canonical) ? null : names.putIfAbsent(canonical, name);
      if (other != null) {
        throw new ContentException(
            "'%s': the tensors '%s' and '%s' are the same parameter"
                .formatted(source, other, name));
      }
    }
    return new CanonicalWeights(stored, names);
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

  private String storedName(String name) {
    String storedName = storedNames.get(name);
    if (storedName == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return storedName;
  }
}
