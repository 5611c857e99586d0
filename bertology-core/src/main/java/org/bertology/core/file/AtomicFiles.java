package org.bertology.core.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes whole files: the content goes to a temporary file in the target's directory, which takes
 * the target's name when it is complete. Whoever reads the target sees the old content or the new
 * one, never a part.
 *
 * <p>The temporary file is removed when writing fails, when the thread is interrupted, and when the
 * virtual machine is told to stop.
 */
public final class AtomicFiles {
  /** What happens to a target that exists already. */
  public enum Existing {
    REFUSE,
    REPLACE
  }

  /** Produces the content of a file. */
  @FunctionalInterface
  public interface Content<T> {
    void writeTo(T sink) throws IOException;
  }

  private AtomicFiles() {}

  /**
   * Writes through a buffered stream, which the content need not close.
   *
   * @throws IllegalArgumentException if the target exists and is to be kept, is a directory, or
   *     lies in a directory that does not exist
   * @throws UncheckedIOException if writing fails
   */
  public static void write(Path target, Existing existing, Content<OutputStream> content) {
    writeChannel(
        target,
        existing,
        channel -> {
          OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel));
          content.writeTo(stream);
          stream.flush();
        });
  }

  /** Writes text as UTF-8, otherwise as {@link #write}. */
  public static void writeText(Path target, Existing existing, String text) {
    writeChannel(target, existing, text(text));
  }

  /** Writes through a channel, otherwise as {@link #write}. */
  public static void writeChannel(Path target, Existing existing, Content<FileChannel> content) {
    writeAll(Map.of(target, content), existing);
  }

  /**
   * Writes several files, otherwise as {@link #write}: none gets its name before all are complete.
   *
   * @param contents by target, written in their order
   */
  public static void writeAll(Map<Path, Content<FileChannel>> contents, Existing existing) {
    contents.keySet().forEach(target -> requireWritable(target, existing));
    Map<Path, TemporaryFile> complete = new LinkedHashMap<>();
    try {
      contents.forEach((target, content) -> complete.put(target, filled(target, content)));
      moveAll(complete, existing);
    } finally {
      complete.values().forEach(TemporaryFile::close);
    }
  }

  private static TemporaryFile filled(Path target, Content<FileChannel> content) {
    TemporaryFile temporary = TemporaryFile.beside(target);
    try {
      temporary.fill(content);
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      return temporary;
    } catch (IOException e) {
      temporary.close();
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    } catch (RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  /** If one cannot be moved, those before it are taken back, or named if they replaced another. */
  private static void moveAll(Map<Path, TemporaryFile> complete, Existing existing) {
    List<Path> moved = new ArrayList<>();
    complete.forEach(
        (target, temporary) -> {
          try {
            temporary.moveTo(target, existing);
            moved.add(target);
          } catch (IOException e) {
            if (existing == Existing.REFUSE) {
              moved.forEach(file -> file.toFile().delete());
            }
            throw notMoved(target, existing, moved, e);
          }
        });
  }

  private static RuntimeException notMoved(
      Path target, Existing existing, List<Path> moved, IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return exists(target);
    }
    String others =
        existing == Existing.REFUSE || moved.isEmpty()
            ? ""
            : "; written before it: "
                + moved.stream().map(Path::toString).collect(Collectors.joining(", "));
    return new UncheckedIOException("'%s' was not written: %s%s".formatted(target, e, others), e);
  }

  /** A text in UTF-8 as content. */
  public static Content<FileChannel> text(String text) {
    return channel -> {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    };
  }

  /**
   * Refuses a target that {@link #write} would refuse, so that it is known before the work is done.
   *
   * @throws IllegalArgumentException if the target exists and is to be kept, is a directory, or
   *     lies in a directory that does not exist
   */
  public static void requireWritable(Path target, Existing existing) {
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(
          "'%s' is a directory, not a file; choose a name in it".formatted(target));
    }
    if (existing == Existing.REFUSE && Files.exists(target)) {
      throw exists(target);
    }
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(
          "'%s' cannot be written: directory '%s' does not exist; create it first"
              .formatted(target, parent));
    }
  }

  private static IllegalArgumentException exists(Path target) {
    return new IllegalArgumentException(
        "'%s' exists; choose another name, or allow replacing it with --force".formatted(target));
  }
}
