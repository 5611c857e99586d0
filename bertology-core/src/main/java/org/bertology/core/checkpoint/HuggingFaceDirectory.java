package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.bertology.core.json.StrictJson;

/**
 * Directories as Hugging Face saves models: {@code config.json} and weights, see {@link
 * WeightsFormat}.
 */
final class HuggingFaceDirectory {
  static final String CONFIG = "config.json";

  private HuggingFaceDirectory() {}

  /**
   * Opens a directory; weights are mapped, not read.
   *
   * @return empty if it lacks the configuration or the weights
   * @throws ContentException if a file is broken
   */
  static Optional<StoredModel> open(Path directory) {
    Path config = directory.resolve(CONFIG);
    return Files.isRegularFile(config)
        ? WeightsFormat.of(directory).map(format -> open(config, format.open(directory)))
        : Optional.empty();
  }

  private static StoredModel open(Path config, WeightsFormat.Opened opened) {
    List<Path> files = new ArrayList<>(List.of(config));
    files.addAll(opened.files());
    return new StoredModel(StrictJson.read(config), opened.weights(), files);
  }
}
