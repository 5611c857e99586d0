package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that PyTorch has written, among the test resources, copied to where they can be mapped. */
public final class TorchResources {
  private TorchResources() {}

  public static Path copy(Path directory, String file) throws IOException {
    try (InputStream stream = TorchResources.class.getResourceAsStream("torch/" + file)) {
      if (stream == null) {
        throw new IllegalStateException("test resource %s is missing".formatted(file));
      }
      Files.copy(stream, directory.resolve(file));
    }
    return directory.resolve(file);
  }
}
