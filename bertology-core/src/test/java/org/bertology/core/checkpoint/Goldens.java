package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference models among the test resources, copied to where they can be mapped. */
public final class Goldens {
  private Goldens() {}

  /** Copies files of a model's folder into a directory. */
  public static Path copy(Path directory, String folder, String... files) throws IOException {
    for (String file : files) {
      String resource = "/goldens/%s/%s".formatted(folder, file);
      try (InputStream stream = Goldens.class.getResourceAsStream(resource)) {
        if (stream == null) {
          throw new IllegalStateException("test resource %s is missing".formatted(resource));
        }
        Files.copy(stream, directory.resolve(file));
      }
    }
    return directory;
  }
}
