package org.bertology.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Models and data that lie beside a checkout on some machines and cannot be shipped. */
final class Shared {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "../../shared").normalize();

  private Shared() {}

  /** A path below the shared directory; the test is skipped where it is absent. */
  static Path path(String relative) {
    Path path = ROOT.resolve(relative);
    Assumptions.assumeTrue(Files.exists(path), "skipped: shared/" + relative + " is not here");
    return path;
  }
}
