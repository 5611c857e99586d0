package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.List;
import org.bertology.core.json.JsonFields;

/**
 * What a model on disk holds, whatever its format.
 *
 * @param config with the keys of a {@code config.json}
 * @param weights under the names that a Hugging Face model has, in any spelling
 * @param files that were opened, in an order that is always the same
 */
public record StoredModel(JsonFields config, StoredWeights weights, List<Path> files) {
  public StoredModel {
    files = List.copyOf(files);
  }
}
