package org.bertology.core.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that had to be made to have a certain one; they go again if work fails. */
public final class NewDirectories {
  private final List<Path> made = new ArrayList<>();

  private NewDirectories() {}

  /**
   * Makes a directory and those above it, as far as there are none.
   *
   * @throws UncheckedIOException if one cannot be made; none is left then
   */
  public static NewDirectories upTo(Path wanted) {
    NewDirectories directories = new NewDirectories();
    try {
      directories.make(wanted.toAbsolutePath());
    } catch (IOException e) {
      directories.remove();
      throw new UncheckedIOException("'%s' could not be created: %s".formatted(wanted, e), e);
    }
    return directories;
  }

  private void make(Path wanted) throws IOException {
    if (Files.isDirectory(wanted)) {
      return;
    }
    Path parent = wanted.getParent();
    if (parent != null) {
      make(parent);
    }
    Files.createDirectory(wanted);
    made.add(wanted);
  }

  /** Removes those that were made, innermost first, as far as they are empty. */
  public void remove() {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).toFile().delete();
    }
  }
}
