package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.bertology.core.json.StrictJson;

/**
 * Directories as Hugging Face saves models: {@code config.json} and {@code model.safetensors}, or
 * {@code model.safetensors.index.json} with its shards.
 */
final class HuggingFaceDirectory {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private HuggingFaceDirectory() {}

  /**
   * Opens a directory; weights are mapped, not read.
   *
   * @return empty if it lacks the configuration or the weights
   * @throws ContentException if a file is broken
   */
  static Optional<StoredModel> open(Path directory) {
    if (!Files.isRegularFile(directory.resolve(CONFIG))) {
      return Optional.empty();
    }
    if (Files.isRegularFile(directory.resolve(WEIGHTS))) {
      return Optional.of(whole(directory));
    }
    return Files.isRegularFile(directory.resolve(INDEX))
        ? Optional.of(sharded(directory))
        : Optional.empty();
  }

  private static StoredModel whole(Path directory) {
    Path config = directory.resolve(CONFIG);
    SafeTensors tensors = SafeTensors.open(directory.resolve(WEIGHTS));
    return new StoredModel(StrictJson.read(config), tensors, List.of(config, tensors.file()));
  }

  private static StoredModel sharded(Path directory) {
    Path config = directory.resolve(CONFIG);
    ShardedSafeTensors tensors = ShardedSafeTensors.open(directory.resolve(INDEX));
    List<Path> files = new ArrayList<>(List.of(config, directory.resolve(INDEX)));
    files.addAll(tensors.shards());
    return new StoredModel(StrictJson.read(config), tensors, files);
  }
}
