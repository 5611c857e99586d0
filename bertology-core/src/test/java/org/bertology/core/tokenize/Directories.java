package org.bertology.core.tokenize;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tests' tokenizers are. */
final class Directories {

  private Directories() {}

  /** A folder of the test resources next to this class. */
  static Path resource(String name) {
    try {
      return Path.of(Directories.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file or folder of the optional test data beside the repository; skips the test without. */
  static Path shared(String name) {
    Path path = Path.of("..", "..", "shared", name);
    assumeTrue(Files.exists(path), () -> "skipped: no " + path);
    return path;
  }
}
