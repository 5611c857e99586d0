package org.bertology.core.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    write(target, existing, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes through a channel, otherwise as {@link #write}. */
  public static void writeChannel(Path target, Existing existing, Content<FileChannel> content) {
    checkTarget(target, existing);
    try (TemporaryFile temporary = TemporaryFile.beside(target)) {
      temporary.fill(content);
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      move(temporary, target, existing);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    }
  }

  private static void move(TemporaryFile temporary, Path target, Existing existing)
      throws IOException {
    try {
      temporary.moveTo(target, existing);
    } catch (FileAlreadyExistsException e) {
      throw exists(target);
    }
  }

  private static void checkTarget(Path target, Existing existing) {
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException("'%s' is a directory, not a file".formatted(target));
    }
    if (existing == Existing.REFUSE && Files.exists(target)) {
      throw exists(target);
    }
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(
          "'%s' cannot be written: directory '%s' does not exist".formatted(target, parent));
    }
  }

  private static IllegalArgumentException exists(Path target) {
    return new IllegalArgumentException(
        "'%s' exists and is not overwritten; choose another name or allow replacing it"
            .formatted(target));
  }
}
