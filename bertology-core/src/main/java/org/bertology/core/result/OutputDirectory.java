package org.bertology.core.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Content;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.NewDirectories;
import org.bertology.core.file.OutputTarget;

/**
 * A directory for the files of one result. It is checked before the work, and nothing is written
 * until {@link #write}: a run that fails or is interrupted leaves nothing.
 */
public final class OutputDirectory {
  private final Path directory;
  private final Existing existing;
  private final Map<Path, Content<FileChannel>> contents = new LinkedHashMap<>();
  private final Set<Path> known = new LinkedHashSet<>();

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
    OutputTarget.require(directory, existing);
    return new OutputDirectory(directory, existing);
  }

  public Path path() {
    return directory;
  }

  /** Adds a text to what {@link #write} writes, as UTF-8. */
  public OutputDirectory add(String name, String text) {
    contents.put(directory.resolve(name), AtomicFiles.text(text));
    return this;
  }

  /** Adds an array to what {@link #write} writes, as {@code .npy}. */
  public OutputDirectory add(String name, Tensor tensor) {
    contents.put(directory.resolve(name), Npy.content(tensor));
    return this;
  }

  /**
   * Names files that would belong to another result: where {@link #write} may replace files, it
   * removes those of them that it does not write.
   */
  public OutputDirectory withoutOthersOf(Collection<String> names) {
    names.forEach(name -> known.add(directory.resolve(name)));
    return this;
  }

  /**
   * Creates the directory and writes all files, none of which gets its name before all are
   * complete.
   *
   * @return the files, in the order in which they were added
   * @throws UncheckedIOException if writing fails or the thread is interrupted
   */
  public List<Path> write() {
    NewDirectories directories = NewDirectories.upTo(directory);
    try {
      AtomicFiles.writeAll(contents, existing);
    } catch (RuntimeException e) {
      directories.remove();
      throw e;
    }
    if (existing == Existing.REPLACE) {
      removeOthers();
    }
    return List.copyOf(contents.keySet());
  }

  private void removeOthers() {
    for (Path file : known) {
      try {
        if (!contents.containsKey(file) && Files.isRegularFile(file)) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the result was written, but '%s', which is of another one, could not be removed: %s"
                .formatted(file, e),
            e);
      }
    }
  }
}
