package org.bertology.core.file;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.bertology.core.file.AtomicFiles.Content;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * A directory of files under a hidden name: what is in it can be opened and checked before it takes
 * its own name. It is removed when it is closed without that, and when the virtual machine is told
 * to stop; until then what was there before is as it was.
 */
public final class StagedDirectory implements AutoCloseable {
  private final Path target;
  private final Existing existing;
  private final NewDirectories parents;
  private final Path staged;
  private final List<Path> files = new ArrayList<>();
  private final Set<String> others = new LinkedHashSet<>();
  private final Thread removalAtExit;

  private StagedDirectory(Path target, Existing existing, NewDirectories parents, Path staged) {
    this.target = target;
    this.existing = existing;
    this.parents = parents;
    this.staged = staged;
    this.removalAtExit = new Thread(this::remove, "remove " + staged.getFileName());
  }

  /**
   * A directory that is to become {@code target}.
   *
   * @param existing whether files in the target may be replaced; if not, it must be empty
   * @throws IllegalArgumentException if it is a file, not empty, or cannot be written
   * @throws UncheckedIOException if it cannot be made
   */
  public static StagedDirectory at(Path target, Existing existing) {
    OutputTarget.require(target, existing);
    Path place = place(target.toAbsolutePath().normalize());
    NewDirectories parents = NewDirectories.upTo(place);
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path staged = place.resolve(".%s.%s.tmp".formatted(target.getFileName(), random));
    try {
      Files.createDirectory(staged);
    } catch (IOException e) {
      parents.remove();
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    }
    StagedDirectory directory = new StagedDirectory(target, existing, parents, staged);
    Runtime.getRuntime().addShutdownHook(directory.removalAtExit);
    return directory;
  }

  /**
   * Beside the target, so that it takes its name in one step; inside a target that is there, since
   * that may be the only directory that can be written, or a file system of its own.
   */
  private static Path place(Path target) {
    Path parent = target.getParent();
    return parent == null || Files.isDirectory(target) ? target : parent;
  }

  /** Where the files are until they are published. */
  public Path path() {
    return staged;
  }

  /**
   * Writes a file, after those that were written before.
   *
   * @throws UncheckedIOException if writing fails or the thread is interrupted
   */
  public void write(String name, Content<FileChannel> content) {
    Path file = staged.resolve(name);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "'%s' was not written: %s".formatted(target.resolve(name), e), e);
    }
    files.add(file);
  }

  /**
   * Gives all files their names: in one step where there is no target yet, otherwise one by one in
   * the order in which they were written.
   *
   * @return the files
   * @throws IllegalArgumentException if there are files by now that are to be kept
   * @throws UncheckedIOException if it fails
   */
  public List<Path> publish() {
    if (Files.exists(target)) {
      publishEach();
    } else {
      publishAtOnce();
    }
    List<Path> published = files.stream().map(this::published).toList();
    files.clear();
    return published;
  }

  private Path published(Path file) {
    return target.resolve(file.getFileName());
  }

  private void publishAtOnce() {
    try {
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      throw OutputTarget.notEmpty(target);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    }
  }

  /**
   * Names files that would belong to what was in the target before: {@link #publish} removes those
   * of them that were not written anew.
   */
  public StagedDirectory withoutOthersOf(Collection<String> names) {
    others.addAll(names);
    return this;
  }

  private void publishEach() {
    List<Path> moved = new ArrayList<>();
    for (Path file : files) {
      try {
        Files.move(file, published(file), options());
        moved.add(published(file));
      } catch (IOException e) {
        throw notMoved(published(file), moved, e);
      }
    }
    removeOthers();
  }

  private void removeOthers() {
    for (String name : others) {
      Path file = target.resolve(name);
      boolean ours = files.stream().anyMatch(written -> published(written).equals(file));
      try {
        if (!ours && Files.isRegularFile(file)) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "'%s' was written, but '%s', which is of what was there before, could not be removed: %s"
                .formatted(target, file, e),
            e);
      }
    }
  }

  /** An atomic move replaces silently, so a target that must be kept needs the ordinary one. */
  private CopyOption[] options() {
    return existing == Existing.REPLACE
        ? new CopyOption[] {StandardCopyOption.ATOMIC_MOVE}
        : new CopyOption[0];
  }

  /** Files that replaced none are taken back, others are named. */
  private RuntimeException notMoved(Path file, List<Path> moved, IOException e) {
    if (existing == Existing.REFUSE) {
      moved.forEach(done -> done.toFile().delete());
    }
    if (e instanceof FileAlreadyExistsException) {
      return OutputTarget.notEmpty(target);
    }
    String others =
        existing == Existing.REFUSE || moved.isEmpty()
            ? ""
            : moved.stream()
                .map(Path::toString)
                .collect(Collectors.joining(", ", "; written before it: ", ""));
    return new UncheckedIOException("'%s' was not written: %s%s".formatted(file, e, others), e);
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
    if (!Files.exists(target)) {
      parents.remove();
    }
  }

  private void remove() {
    File[] left = staged.toFile().listFiles();
    if (left != null) {
      for (File file : left) {
        file.delete();
      }
    }
    staged.toFile().delete();
  }
}
