package org.bertology.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A directory for files that processes hand to each other; gone when this closes.
 *
 * @param path of the directory
 */
record TemporaryDirectory(Path path) implements AutoCloseable {

  static TemporaryDirectory create(String prefix) {
    try {
      return new TemporaryDirectory(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory could be made: " + e, e);
    }
  }

  /** A new directory in this one. */
  Path directory(String name) {
    Path directory = path.resolve(name);
    try {
      return Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be made: %s".formatted(directory, e), e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      // What is still mapped cannot be deleted on some systems; the system tidies up.
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be deleted: %s".formatted(path, e), e);
    }
  }
}
