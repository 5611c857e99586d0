package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.WeightsView.Part;
import org.bertology.core.family.ParameterNames;

/** Weights under their canonical names, whatever spelling the file has, without constants. */
final class CanonicalWeights {
  private CanonicalWeights() {}

  /**
   * A view of weights under canonical names.
   *
   * @throws ContentException if two names mean the same parameter
   */
  static StoredWeights of(Path source, StoredWeights stored, ParameterNames spellings) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (String name : stored.names()) {
      String canonical = spellings.canonical(name, stored.names());
      if (spellings.isConstant(canonical)) {
        continue;
      }
      Part other = parts.putIfAbsent(canonical, Part.whole(name));
      if (other != null) {
        throw new ContentException(
            "'%s': the tensors '%s' and '%s' are the same parameter"
                .formatted(source, other.source(), name));
      }
    }
    return new WeightsView(stored, parts);
  }
}
