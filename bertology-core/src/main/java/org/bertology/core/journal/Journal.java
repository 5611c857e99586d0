package org.bertology.core.journal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.json.JsonTextException;
import org.bertology.core.json.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a long computation, written down one by one, so that a process that was killed at
 * any moment goes on where it was and loses at most the step that it was at.
 *
 * <p>A text file: a first line that says of which computation, then one JSON object per step. A
 * step counts once its line is complete; a torn last line is cut off. Thread-safe.
 */
public final class Journal implements Steps, AutoCloseable {
  private static final String VERSION = "journal";
  private static final String COMPUTATION = "of";
  private static final int CURRENT = 1;

  private final Path file;
  private final FileChannel channel;
  private final List<JsonObject> earlier;

  private Journal(Path file, FileChannel channel, List<JsonObject> earlier) {
    this.file = file;
    this.channel = channel;
    this.earlier = List.copyOf(earlier);
  }

  /**
   * Opens a journal, or starts one where there is none.
   *
   * @param computation everything that the steps depend on: model, data, settings, versions
   * @param existing what happens to a journal of another computation
   * @throws IllegalArgumentException if there is a journal of another computation that is not to be
   *     replaced, or another process writes this one
   * @throws UncheckedIOException if it cannot be read or written
   */
  public static Journal open(Path file, JsonObject computation, Existing existing) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        return locked(file, channel, computation, existing);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("journal '%s' could not be opened: %s".formatted(file, e), e);
    }
  }

  private static Journal locked(
      Path file, FileChannel channel, JsonObject computation, Existing existing)
      throws IOException {
    if (lock(channel) == null) {
      throw new IllegalArgumentException(
          "journal '%s' is written by another process; wait for it, or choose another directory"
              .formatted(file));
    }
    Contents contents = Contents.read(channel);
    Optional<JsonObject> before = contents.computation();
    if (before.isPresent() && !before.get().equals(computation)) {
      if (existing == Existing.REFUSE) {
        throw new IllegalArgumentException(
            "journal '%s' belongs to another run, which differs in: %s; choose another directory, or start anew with --force"
                .formatted(file, differences(before.get(), computation)));
      }
      before = Optional.empty();
    }
    if (before.isEmpty()) {
      Journal fresh = new Journal(file, channel, List.of());
      channel.truncate(0);
      fresh.write(header(computation));
      return fresh;
    }
    channel.truncate(contents.end()).position(contents.end());
    return new Journal(file, channel, contents.steps());
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static JsonObject header(JsonObject computation) {
    JsonObject header = new JsonObject();
    header.addProperty(VERSION, CURRENT);
    header.add(COMPUTATION, computation);
    return header;
  }

  private static String differences(JsonObject one, JsonObject other) {
    TreeSet<String> keys = new TreeSet<>(one.keySet());
    keys.addAll(other.keySet());
    keys.removeIf(key -> one.has(key) && one.get(key).equals(other.get(key)));
    return String.join(", ", keys);
  }

  public Path file() {
    return file;
  }

  /** The steps that an earlier process completed, in their order; empty after a fresh start. */
  @Override
  public List<JsonObject> earlier() {
    return earlier;
  }

  /** Writes a step down; when this returns, the step outlives the process. */
  @Override
  public void append(JsonObject step) {
    try {
      write(step);
    } catch (IOException e) {
      throw new UncheckedIOException("journal '%s' could not be written: %s".formatted(file, e), e);
    }
  }

  private synchronized void write(JsonObject line) throws IOException {
    long end = channel.position();
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // A full disk: the line that was begun must not swallow the next one.
      channel.truncate(end);
      throw e;
    }
    channel.force(false);
  }

  /** Removes the journal, once the computation's result is safe. */
  public void delete() {
    close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be removed: %s".formatted(file, e), e);
    }
  }

  /** Closes the file and keeps it. Idempotent. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("journal '%s' could not be closed: %s".formatted(file, e), e);
    }
  }

  /**
   * What a file holds, up to the first line that is not whole.
   *
   * @param computation of the first line; empty if that is not one of a journal
   * @param steps of the lines after it
   * @param end where they end, in bytes
   */
  private record Contents(Optional<JsonObject> computation, List<JsonObject> steps, long end) {
    static Contents read(FileChannel channel) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      byte[] all = bytes.array();
      Optional<JsonObject> computation = Optional.empty();
      List<JsonObject> steps = new ArrayList<>();
      int start = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == '\n') {
          Optional<JsonObject> line = parsed(all, start, i);
          if (line.isEmpty()) {
            break;
          }
          if (start == 0) {
            computation = computation(line.get());
          } else {
            steps.add(line.get());
          }
          start = i + 1;
        }
      }
      return new Contents(computation, steps, start);
    }

    private static Optional<JsonObject> parsed(byte[] all, int start, int end) {
      try {
        String text = new String(all, start, end - start, StandardCharsets.UTF_8);
        return Optional.of(StrictJson.element(text))
            .filter(JsonElement::isJsonObject)
            .map(JsonElement::getAsJsonObject);
      } catch (JsonTextException e) {
        return Optional.empty();
      }
    }

    private static Optional<JsonObject> computation(JsonObject header) {
      boolean known =
          header.has(VERSION)
              && header.get(VERSION).isJsonPrimitive()
              && header.get(VERSION).getAsString().equals("" + CURRENT)
              && header.has(COMPUTATION)
              && header.get(COMPUTATION).isJsonObject();
      return known ? Optional.of(header.getAsJsonObject(COMPUTATION)) : Optional.empty();
    }
  }
}
