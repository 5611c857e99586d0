package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Pooling;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/** {@code 1_Pooling/config.json} of a directory that sentence-transformers saved. */
final class PoolingFile {
  private static final String NAME = "1_Pooling/config.json";
  private static final String PREFIX = "pooling_mode_";

  private static final Map<String, Pooling> KNOWN =
      Map.of(
          PREFIX + "cls_token", Pooling.CLS,
          PREFIX + "mean_tokens", Pooling.MEAN,
          PREFIX + "max_tokens", Pooling.MAX);

  private PoolingFile() {}

  /**
   * The pooling that a model directory states, if it has such a file.
   *
   * @throws ContentException if the file is broken, or states several poolings or one that is not
   *     known
   */
  static Optional<Pooling> of(Path directory) {
    Path file = directory.resolve(NAME);
    return Files.isRegularFile(file) ? Optional.of(read(StrictJson.read(file))) : Optional.empty();
  }

  private static Pooling read(JsonFields json) {
    List<String> modes = new ArrayList<>();
    for (String key : json.keys()) {
      if (key.startsWith(PREFIX) && json.flag(key, false)) {
        modes.add(key);
      }
    }
    Pooling pooling = modes.size() == 1 ? KNOWN.get(modes.get(0)) : null;
    if (pooling == null) {
      throw new ContentException(
          "%s: expected one of pooling_mode_mean_tokens, pooling_mode_cls_token and pooling_mode_max_tokens to be true; got %s"
              .formatted(json.source(), modes.isEmpty() ? "none" : String.join(", ", modes)));
    }
    return pooling;
  }
}
