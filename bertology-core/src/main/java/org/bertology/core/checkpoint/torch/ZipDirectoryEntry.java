package org.bertology.core.checkpoint.torch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bertology.core.ContentException;

/**
 * A header in the directory of a zip archive.
 *
 * @param size of the data in bytes
 * @param header the position of the header in front of the data
 */
record ZipDirectoryEntry(String name, long size, long header) {
  private static final int BYTES = 46;
  private static final int SIGNATURE = 0x02014b50;
  private static final int WIDE = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final long SATURATED = 0xffff_ffffL;

  /** Reads the next header of a directory, and what belongs to it. */
  static ZipDirectoryEntry read(String source, ByteBuffer directory) {
    ByteBuffer fixed = take(source, directory, BYTES);
    if (fixed.getInt(0) != SIGNATURE) {
      throw broken(source, "an entry of its directory does not begin as one");
    }
    String name =
        StandardCharsets.UTF_8
            .decode(take(source, directory, Short.toUnsignedInt(fixed.getShort(28))))
            .toString();
    ByteBuffer extra = take(source, directory, Short.toUnsignedInt(fixed.getShort(30)));
    take(source, directory, Short.toUnsignedInt(fixed.getShort(32)));
    return entry(source, name, fixed, extra);
  }

  private static ZipDirectoryEntry entry(
      String source, String name, ByteBuffer fixed, ByteBuffer extra) {
    long packed = Integer.toUnsignedLong(fixed.getInt(20));
    long size = Integer.toUnsignedLong(fixed.getInt(24));
    long header = Integer.toUnsignedLong(fixed.getInt(42));
    ByteBuffer wide = wide(extra);
    // The 64-bit fields are there for those that are saturated, in this order.
    size = size == SATURATED ? wide(source, wide) : size;
    packed = packed == SATURATED ? wide(source, wide) : packed;
    header = header == SATURATED ? wide(source, wide) : header;
    ZipDirectoryEntry entry = new ZipDirectoryEntry(name, size, header);
    if (fixed.getShort(10) != STORED || packed != size || (fixed.getShort(8) & ENCRYPTED) != 0) {
      throw new ContentException(
          ("%s: %s is compressed or encrypted, so it cannot be mapped into memory; PyTorch stores"
                  + " entries as they are: save the file again with torch.save")
              .formatted(source, entry));
    }
    return entry;
  }

  /** The extra field with 64-bit fields; empty if there is none. */
  private static ByteBuffer wide(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == WIDE) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private static long wide(String source, ByteBuffer fields) {
    if (fields.remaining() < Long.BYTES) {
      throw broken(source, "an entry lacks its 64-bit fields");
    }
    return fields.getLong();
  }

  private static ByteBuffer take(String source, ByteBuffer directory, int length) {
    if (length > directory.remaining()) {
      throw broken(source, "its directory ends in the middle of an entry");
    }
    ByteBuffer taken = directory.slice(directory.position(), length).order(directory.order());
    directory.position(directory.position() + length);
    return taken;
  }

  private static ContentException broken(String source, String fault) {
    return new ContentException("%s is a broken zip archive: %s".formatted(source, fault));
  }

  @Override
  public String toString() {
    return "the entry '%s'".formatted(Quoted.shortened(name));
  }
}
