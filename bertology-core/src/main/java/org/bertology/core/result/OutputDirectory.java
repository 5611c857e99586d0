package org.bertology.core.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.NewDirectories;

/**
 * A directory for the files of one result. It is checked before the work, and nothing is written
 * until {@link #write}: a run that fails or is interrupted leaves nothing.
 */
public final class OutputDirectory {
  private final Path directory;
  private final Existing existing;
  private final Map<Path, BiConsumer<Path, Existing>> contents = new LinkedHashMap<>();

  private OutputDirectory(Path directory, Existing existing) {
    this.directory = directory;
    this.existing = existing;
  }

  /**
   * A directory to write to; it need not exist.
   *
   * @param existing whether files in it may be replaced; if not, it must be empty
   * @throws IllegalArgumentException if it is a file, not empty, or cannot be written
   */
  public static OutputDirectory at(Path directory, Existing existing) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "output directory '%s' is a file; choose another name".formatted(directory));
    }
    if (existing == Existing.REFUSE && Files.isDirectory(directory) && !isEmpty(directory)) {
      throw new IllegalArgumentException(
          "output directory '%s' is not empty; choose another, or replace files in it with --force"
              .formatted(directory));
    }
    requireWritable(directory);
    return new OutputDirectory(directory, existing);
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

  public Path path() {
    return directory;
  }

  /** Adds a text to what {@link #write} writes, as UTF-8. */
  public OutputDirectory add(String name, String text) {
    contents.put(directory.resolve(name), (file, mode) -> AtomicFiles.writeText(file, mode, text));
    return this;
  }

  /** Adds an array to what {@link #write} writes, as {@code .npy}. */
  public OutputDirectory add(String name, Tensor tensor) {
    contents.put(directory.resolve(name), (file, mode) -> Npy.write(file, tensor, mode));
    return this;
  }

  /**
   * Creates the directory and writes all files; if one fails, removes those that were new.
   *
   * @return the files, in the order in which they were added
   * @throws UncheckedIOException if writing fails or the thread is interrupted
   */
  public List<Path> write() {
    NewDirectories directories = NewDirectories.upTo(directory);
    List<Path> created = new ArrayList<>();
    try {
      contents.forEach(
          (file, content) -> {
            boolean isNew = !Files.exists(file);
            content.accept(file, existing);
            if (isNew) {
              created.add(file);
            }
          });
    } catch (RuntimeException e) {
      created.forEach(file -> file.toFile().delete());
      directories.remove();
      throw e;
    }
    return List.copyOf(contents.keySet());
  }
}
