package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.file.LfsPointer;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * The header of a safetensors file: eight bytes with the length of a JSON text, little-endian, and
 * that text.
 *
 * @param entries by name, in the order of the text
 * @param dataStart position of the first data byte in the file
 */
record SafeTensorsHeader(
    Map<String, TensorEntry> entries, Map<String, String> metadata, long dataStart) {
  static final String METADATA = "__metadata__";

  /** The format's own bound. */
  static final int MAXIMUM_LENGTH = 100_000_000;

  SafeTensorsHeader {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads and checks a header: afterwards the tensors cover the file's data without overlap, hole
   * or rest, as the format demands.
   *
   * @throws ContentException if anything is wrong with it
   */
  static SafeTensorsHeader read(Path file, FileChannel channel) throws IOException {
    int length = length(file, channel);
    JsonFields json =
        StrictJson.object("the header of '%s'".formatted(file), bytes(channel, 8, length));
    SafeTensorsHeader header = of(file, json, 8L + length);
    checkLayout(file, header.byOffset(), channel.size() - header.dataStart());
    return header;
  }

  private static int length(Path file, FileChannel channel) throws IOException {
    if (channel.size() < 8) {
      throw new ContentException(
          "'%s' is no safetensors file: it has %d bytes, expected at least 8"
              .formatted(file, channel.size()));
    }
    ByteBuffer prefix = bytes(channel, 0, 8);
    LfsPointer.refuse(file, prefix);
    long length = prefix.getLong();
    if (length < 0 || length > MAXIMUM_LENGTH) {
      throw new ContentException(
          "'%s' is no safetensors file: it declares a header of %s bytes, expected at most %d"
              .formatted(file, Long.toUnsignedString(length), MAXIMUM_LENGTH));
    }
    if (length > channel.size() - 8) {
      throw new ContentException(
          "'%s' is truncated: it declares a header of %d bytes, but has only %d after the length"
              .formatted(file, length, channel.size() - 8));
    }
    return (int) length;
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private static SafeTensorsHeader of(Path file, JsonFields json, long dataStart) {
    Map<String, TensorEntry> entries = new LinkedHashMap<>();
    JsonFields tensors = new JsonFields("'%s': tensor".formatted(file), json.object());
    for (String name : json.keys()) {
      if (!name.equals(METADATA)) {
        entries.put(name, TensorEntry.read(tensors, name));
      }
    }
    return new SafeTensorsHeader(entries, metadata(json), dataStart);
  }

  private static Map<String, String> metadata(JsonFields json) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (json.has(METADATA)) {
      JsonFields fields = json.fields(METADATA);
      fields.keys().forEach(key -> metadata.put(key, fields.text(key)));
    }
    return metadata;
  }

  List<TensorEntry> byOffset() {
    List<TensorEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    return sorted;
  }

  private static void checkLayout(Path file, List<TensorEntry> sorted, long dataLength) {
    long position = 0;
    String previous = "the start of the data";
    for (TensorEntry entry : sorted) {
      if (entry.end() > dataLength) {
        throw new ContentException(
            "'%s' is truncated: tensor '%s' ends at byte %d of the data, which has %d bytes"
                .formatted(file, entry.name(), entry.end(), dataLength));
      }
      checkAdjacent(file, previous, position, entry);
      position = entry.end();
      previous = "tensor '%s'".formatted(entry.name());
    }
    if (position < dataLength) {
      throw new ContentException(
          "'%s' has %d bytes after the end of the last tensor; the format allows none"
              .formatted(file, dataLength - position));
    }
  }

  private static void checkAdjacent(Path file, String previous, long position, TensorEntry entry) {
    if (entry.begin() < position) {
      throw new ContentException(
          "'%s': tensor '%s' begins at byte %d of the data and overlaps %s, which ends at %d"
              .formatted(file, entry.name(), entry.begin(), previous, position));
    }
    if (entry.begin() > position) {
      throw new ContentException(
          "'%s' has a hole of %d bytes between %s and tensor '%s'; the format allows none"
              .formatted(file, entry.begin() - position, previous, entry.name()));
    }
  }
}
