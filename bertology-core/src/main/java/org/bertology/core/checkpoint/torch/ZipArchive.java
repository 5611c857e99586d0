package org.bertology.core.checkpoint.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;

/**
 * Where the entries of a zip archive lie in its file (APPNOTE.TXT 6.3, with its 64-bit fields).
 * They must be stored as they are, which is what PyTorch does, so that they can be mapped, and may
 * not overlap, so that together they are no larger than the file. Checksums are not compared: where
 * PyTorch is told to save time it writes none.
 */
final class ZipArchive {
  /** What the data of an entry takes. */
  record Entry(long position, long size) {}

  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int COMMENT_BYTES = 0xffff;
  private static final int LOCATOR_BYTES = 20;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int WIDE_END_BYTES = 56;
  private static final int WIDE_END_SIGNATURE = 0x06064b50;
  private static final int LOCAL_BYTES = 30;
  private static final int LOCAL_SIGNATURE = 0x04034b50;

  /** Some hundred thousand entries. */
  private static final int MAXIMUM_DIRECTORY_BYTES = 100_000_000;

  private static final long SATURATED = 0xffff_ffffL;

  private final String source;
  private final FileMap file;

  private ZipArchive(String source, FileMap file) {
    this.source = source;
    this.file = file;
  }

  /**
   * The entries by name, in the order of the directory.
   *
   * @param source what messages call the file
   * @throws ContentException if the archive is broken, or an entry is compressed or encrypted
   */
  static Map<String, Entry> entries(String source, FileMap file) throws IOException {
    return new ZipArchive(source, file).entries();
  }

  private record Directory(long position, long size, long entries) {}

  private Map<String, Entry> entries() throws IOException {
    Directory directory = directory();
    if (directory.size() > MAXIMUM_DIRECTORY_BYTES) {
      throw broken("its directory takes %d bytes".formatted(directory.size()));
    }
    List<ZipDirectoryEntry> listed = new ArrayList<>();
    ByteBuffer bytes = slice("the directory", directory.position(), directory.size());
    while (bytes.hasRemaining()) {
      listed.add(ZipDirectoryEntry.read(source, bytes));
    }
    if (listed.size() != directory.entries()) {
      throw broken(
          "its directory has %d entries, and declares %d"
              .formatted(listed.size(), directory.entries()));
    }
    return located(listed, directory.position());
  }

  private Directory directory() throws IOException {
    long position = end();
    ByteBuffer end = file.slice(position, END_BYTES);
    Directory directory =
        new Directory(
            Integer.toUnsignedLong(end.getInt(16)),
            Integer.toUnsignedLong(end.getInt(12)),
            Short.toUnsignedLong(end.getShort(10)));
    boolean saturated =
        directory.position() == SATURATED
            || directory.size() == SATURATED
            || directory.entries() == 0xffff;
    return saturated ? wideDirectory(position - LOCATOR_BYTES) : directory;
  }

  /** The position of the record that ends the archive, in front of a comment. */
  private long end() throws IOException {
    long least = Math.max(0, file.size() - END_BYTES - COMMENT_BYTES);
    ByteBuffer tail = file.slice(least, file.size() - least);
    for (int i = tail.limit() - END_BYTES; i >= 0; i--) {
      int comment = Short.toUnsignedInt(tail.getShort(i + END_BYTES - 2));
      if (tail.getInt(i) == END_SIGNATURE && i + END_BYTES + comment == tail.limit()) {
        return least + i;
      }
    }
    throw new ContentException(
        "%s is truncated: it begins as a zip archive, but the directory at its end is missing"
            .formatted(source));
  }

  private Directory wideDirectory(long locatorPosition) throws IOException {
    ByteBuffer locator = slice("the locator of its end", locatorPosition, LOCATOR_BYTES);
    require("the locator of its end", locator, LOCATOR_SIGNATURE);
    ByteBuffer end = slice("its end", locator.getLong(8), WIDE_END_BYTES);
    require("its end", end, WIDE_END_SIGNATURE);
    return new Directory(end.getLong(48), end.getLong(40), end.getLong(32));
  }

  private Map<String, Entry> located(List<ZipDirectoryEntry> listed, long end) throws IOException {
    List<ZipDirectoryEntry> sorted = new ArrayList<>(listed);
    sorted.sort(Comparator.comparingLong(ZipDirectoryEntry::header));
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      long next = i + 1 < sorted.size() ? sorted.get(i + 1).header() : end;
      Entry located = located(sorted.get(i), next);
      if (entries.put(sorted.get(i).name(), located) != null) {
        throw broken("%s is there twice".formatted(sorted.get(i)));
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  /** The data of an entry, which ends where the next one begins at the latest. */
  private Entry located(ZipDirectoryEntry entry, long next) throws IOException {
    ByteBuffer local = slice(entry, entry.header(), LOCAL_BYTES);
    require(entry, local, LOCAL_SIGNATURE);
    long position =
        entry.header()
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (position > next || entry.size() > next - position) {
      throw broken("%s overlaps what follows it".formatted(entry));
    }
    return new Entry(position, entry.size());
  }

  private ByteBuffer slice(Object what, long position, long length) throws IOException {
    if (position < 0 || length < 0 || length > file.size() || position > file.size() - length) {
      throw broken("%s is not within the file".formatted(what));
    }
    return file.slice(position, length);
  }

  private void require(Object what, ByteBuffer bytes, int signature) {
    if (bytes.getInt(0) != signature) {
      throw broken("%s is not where it should be".formatted(what));
    }
  }

  private ContentException broken(String fault) {
    return new ContentException("%s is a broken zip archive: %s".formatted(source, fault));
  }
}
