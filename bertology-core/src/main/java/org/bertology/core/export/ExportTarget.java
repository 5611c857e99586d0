package org.bertology.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;

/** Where an export goes, checked before the work. */
final class ExportTarget {
  private static final String SAVED_MODEL = "saved_model.pb";

  /** What TensorFlow puts into the directory of a SavedModel. */
  private static final Set<String> OF_SAVED_MODELS =
      Set.of(
          SAVED_MODEL,
          "variables",
          "assets",
          "assets.extra",
          "fingerprint.pb",
          "keras_metadata.pb");

  private final Path path;
  private final Path absolute;
  private final Existing existing;

  private ExportTarget(Path path, Existing existing) {
    this.path = path;
    this.absolute = path.toAbsolutePath().normalize();
    this.existing = existing;
  }

  /**
   * A place that can be written.
   *
   * @throws IllegalArgumentException if it exists and is to be kept or is something else than the
   *     format makes, or lies in a directory that does not exist or cannot be written
   */
  static ExportTarget of(Path path, ExportFormat format, Existing existing) {
    require(path, format, existing);
    return new ExportTarget(path, existing);
  }

  /** Refuses a place that cannot be written, see {@link #of}. */
  static void require(Path path, ExportFormat format, Existing existing) {
    ExportTarget target = new ExportTarget(path, existing);
    if (format.isDirectory()) {
      target.requireDirectory();
    } else {
      AtomicFiles.requireWritable(path, existing);
    }
    target.requireParent();
  }

  private void requireDirectory() {
    if (Files.isDirectory(absolute)) {
      requireReplaceable(absolute);
    } else if (Files.exists(absolute)) {
      throw new IllegalArgumentException(
          "'%s' is a file, and this format makes a directory; choose another name".formatted(path));
    }
  }

  private void requireParent() {
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(
          "'%s' has no name that an export could have".formatted(path));
    }
    if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new IllegalArgumentException(
          "'%s' cannot be written: directory '%s' %s"
              .formatted(
                  path,
                  parent,
                  Files.isDirectory(parent)
                      ? "is not writable; choose another"
                      : "does not exist; create it first"));
    }
  }

  /**
   * Refuses to replace what is to be kept. An empty directory may be taken; one with anything in it
   * that is not a SavedModel's may not, whatever was allowed.
   */
  void requireReplaceable(Path place) {
    if (Files.isDirectory(place)) {
      List<String> entries = entries(place);
      if (!entries.isEmpty() && existing == Existing.REFUSE) {
        throw exists();
      }
      boolean isSavedModel = entries.contains(SAVED_MODEL) && OF_SAVED_MODELS.containsAll(entries);
      if (!entries.isEmpty() && !isSavedModel) {
        throw new IllegalArgumentException(
            "directory '%s' holds other things than a SavedModel and is not replaced; choose another name"
                .formatted(path));
      }
    } else if (existing == Existing.REFUSE && Files.exists(place)) {
      throw exists();
    }
  }

  private List<String> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(path, e), e);
    }
  }

  Existing existing() {
    return existing;
  }

  /** The export's own name. */
  String name() {
    Path name = absolute.getFileName();
    return name == null ? "" : name.toString();
  }

  /** A name in the same directory. */
  Path sibling(String name) {
    return absolute.resolveSibling(name);
  }

  IllegalArgumentException exists() {
    return new IllegalArgumentException(
        "'%s' exists; choose another name, or allow replacing it with --force".formatted(path));
  }

  UncheckedIOException notWritten(IOException cause) {
    return new UncheckedIOException("'%s' was not written: %s".formatted(path, cause), cause);
  }
}
