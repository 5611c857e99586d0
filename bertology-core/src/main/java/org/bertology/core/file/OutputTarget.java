package org.bertology.core.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bertology.core.file.AtomicFiles.Existing;

/** What must hold of a directory before work starts whose results go there. */
public final class OutputTarget {
  private OutputTarget() {}

  /**
   * Refuses a directory that could not be written, so that it is known before the work is done; it
   * need not exist.
   *
   * @param existing whether files in it may be replaced; if not, it must be empty
   * @throws IllegalArgumentException if it is a file, not empty, or cannot be written
   */
  public static void require(Path directory, Existing existing) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "output directory '%s' is a file; choose another name".formatted(directory));
    }
    if (existing == Existing.REFUSE && Files.isDirectory(directory) && !isEmpty(directory)) {
      throw notEmpty(directory);
    }
    requireWritable(directory);
  }

  static IllegalArgumentException notEmpty(Path directory) {
    return new IllegalArgumentException(
        "output directory '%s' is not empty; choose another, or replace files in it with --force"
            .formatted(directory));
  }

  private static void requireWritable(Path directory) {
    Path there = directory.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new IllegalArgumentException(
          "output directory '%s' cannot be written: '%s' is %s; choose another"
              .formatted(
                  directory, there, Files.isDirectory(there) ? "not writable" : "no directory"));
    }
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(directory, e), e);
    }
  }
}
