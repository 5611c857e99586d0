package org.bertology.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * A hidden directory beside a target, in which an export lies under its own name until it is
 * published, with what a format puts beside it. Closed without that, it is gone; until then what
 * was there before is as it was.
 */
final class StagedExport implements AutoCloseable {
  /** Where a directory is kept while another takes its name. */
  private static final String REPLACED = ".replaced";

  private final ExportTarget target;
  private final Path directory;
  private final Thread removalAtExit;

  private StagedExport(ExportTarget target, Path directory) {
    this.target = target;
    this.directory = directory;
    this.removalAtExit = new Thread(this::remove, "remove " + directory.getFileName());
  }

  /**
   * An empty directory for an export.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  static StagedExport at(ExportTarget target) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path directory = target.sibling(".%s.%s.tmp".formatted(target.name(), random));
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw target.notWritten(e);
    }
    StagedExport staged = new StagedExport(target, directory);
    Runtime.getRuntime().addShutdownHook(staged.removalAtExit);
    return staged;
  }

  /** Where the export is to be written. */
  Path path() {
    return directory.resolve(target.name());
  }

  /** All files, the export's own first where it is one. */
  List<ExportedFile> files() {
    try (Stream<Path> all = Files.walk(directory)) {
      List<ExportedFile> files = new ArrayList<>();
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        files.add(new ExportedFile(name, Files.size(file)));
      }
      return files;
    } catch (IOException e) {
      throw target.notWritten(e);
    }
  }

  /**
   * Gives everything its name; the export itself comes last, so that it is never there without what
   * it needs.
   *
   * @throws IllegalArgumentException if something is there by now that is to be kept
   * @throws UncheckedIOException if it fails
   */
  void publish() {
    List<Path> moved = new ArrayList<>();
    try {
      for (Path entry : entries()) {
        Path place = target.sibling(entry.getFileName().toString());
        target.requireReplaceable(place);
        if (Files.isDirectory(place)) {
          replaceDirectory(entry, place);
        } else {
          moveFile(entry, place);
        }
        moved.add(place);
      }
    } catch (IOException e) {
      takeBack(moved);
      throw e instanceof FileAlreadyExistsException ? target.exists() : target.notWritten(e);
    } catch (RuntimeException e) {
      takeBack(moved);
      throw e;
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted(Comparator.comparing(path()::equals)).toList();
    }
  }

  private void moveFile(Path entry, Path place) throws IOException {
    // An atomic move replaces silently, so what must be kept needs the ordinary one.
    if (target.existing() == Existing.REPLACE) {
      Files.move(entry, place, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.move(entry, place);
    }
  }

  private void replaceDirectory(Path entry, Path place) throws IOException {
    Path replaced = directory.resolve(REPLACED);
    Files.move(place, replaced, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(entry, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(replaced, place, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
  }

  /** What replaced nothing goes again. */
  private void takeBack(List<Path> moved) {
    if (target.existing() == Existing.REFUSE) {
      moved.forEach(file -> file.toFile().delete());
    }
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(removalAtExit);
    } catch (IllegalStateException e) {
      // The virtual machine is stopping: the hook runs in any case.
    }
    remove();
  }

  private void remove() {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // What cannot be listed cannot be removed.
    }
  }
}
