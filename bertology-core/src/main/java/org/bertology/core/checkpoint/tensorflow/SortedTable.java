package org.bertology.core.checkpoint.tensorflow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.Varint;

/**
 * A file of keys and values in LevelDB's <a
 * href="https://github.com/google/leveldb/blob/main/doc/table_format.md">table format</a>: blocks
 * of entries, a block that says where they are, and a footer that says where that one is. A key is
 * stored as what differs from the key before it.
 *
 * <p>Blocks must be uncompressed, as TensorFlow writes them. Each block is read once, and all keys
 * together may be at most {@value #EXPANSION} times as long as the file: TensorFlow writes a key in
 * full after every 16, so its files stay below that.
 */
final class SortedTable {
  private static final int EXPANSION = 16;
  private static final int FOOTER_BYTES = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  /** How a block is compressed, and its checksum. */
  private static final int TRAILER_BYTES = 5;

  private static final int UNCOMPRESSED = 0;
  private static final int SNAPPY = 1;

  private final String source;
  private final ByteBuffer file;
  private long keyBytes;

  private SortedTable(String source, ByteBuffer file) {
    this.source = source;
    this.file = file.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The values by key, in the order of the file. Keys are bytes; each becomes one character.
   *
   * @param source what messages call the file
   * @throws ContentException if it is no sound table
   */
  static Map<String, ByteBuffer> read(String source, ByteBuffer file) {
    return new SortedTable(source, file).entries();
  }

  private Map<String, ByteBuffer> entries() {
    Map<String, ByteBuffer> blocks = new LinkedHashMap<>();
    addEntries(block(index()), blocks);
    Map<String, ByteBuffer> entries = new LinkedHashMap<>();
    long end = 0;
    for (ByteBuffer value : blocks.values()) {
      BlockHandle handle = BlockHandle.read(source, value);
      ByteBuffer block = block(handle);
      if (handle.offset() < end) {
        throw broken("its blocks overlap");
      }
      addEntries(block, entries);
      end = handle.offset() + handle.size();
    }
    return Collections.unmodifiableMap(entries);
  }

  /** Where the block is that says where the others are. */
  private BlockHandle index() {
    int footer = file.limit() - FOOTER_BYTES;
    if (footer < 0 || file.getLong(file.limit() - Long.BYTES) != MAGIC) {
      throw new ContentException(
          "%s is no index of a TensorFlow checkpoint, or is truncated: it does not end as one"
              .formatted(source));
    }
    ByteBuffer handles = file.slice(footer, FOOTER_BYTES - Long.BYTES);
    BlockHandle.read(source, handles);
    return BlockHandle.read(source, handles);
  }

  private ByteBuffer block(BlockHandle handle) {
    long room = (long) file.limit() - FOOTER_BYTES - TRAILER_BYTES;
    if (handle.offset() < 0
        || handle.size() < 0
        || handle.offset() > room
        || handle.size() > room - handle.offset()) {
      throw broken(
          "a block of %d bytes at %d is not within it".formatted(handle.size(), handle.offset()));
    }
    int begin = (int) handle.offset();
    int size = (int) handle.size();
    checkTrailer(begin, size);
    return file.slice(begin, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void checkTrailer(int begin, int size) {
    if (MaskedChecksum.of(file.slice(begin, size + 1)) != file.getInt(begin + size + 1)) {
      throw broken("the block at %d does not have the checksum that is stored".formatted(begin));
    }
    int compression = file.get(begin + size);
    if (compression != UNCOMPRESSED) {
      throw new ContentException(
          "%s is compressed with %s, which is not read; TensorFlow itself never compresses it"
              .formatted(source, compression == SNAPPY ? "Snappy" : "method " + compression));
    }
  }

  private void addEntries(ByteBuffer block, Map<String, ByteBuffer> entries) {
    ByteBuffer rest = withoutRestarts(block);
    byte[] key = new byte[0];
    while (rest.hasRemaining()) {
      long shared = Varint.read(source, rest);
      long own = Varint.read(source, rest);
      long length = Varint.read(source, rest);
      if (shared < 0 || shared > key.length || !fits(own, length, rest.remaining())) {
        throw broken("an entry reaches beyond its block");
      }
      key = key(key, (int) shared, rest, (int) own);
      ByteBuffer value = rest.slice(rest.position(), (int) length);
      rest.position(rest.position() + (int) length);
      String name = new String(key, StandardCharsets.ISO_8859_1);
      if (entries.putIfAbsent(name, value) != null) {
        throw broken("the key '%s' is there twice".formatted(name));
      }
    }
  }

  /** A block ends with the positions of the keys that are stored in full, and their number. */
  private ByteBuffer withoutRestarts(ByteBuffer block) {
    int end = block.limit() - Integer.BYTES;
    long restarts = end < 0 ? -1 : block.getInt(end);
    if (restarts < 0 || restarts * Integer.BYTES > end) {
      throw broken("a block ends within itself");
    }
    return block.slice(0, end - (int) restarts * Integer.BYTES);
  }

  private static boolean fits(long first, long second, int room) {
    return first >= 0 && first <= room && second >= 0 && second <= room - first;
  }

  private byte[] key(byte[] previous, int shared, ByteBuffer rest, int own) {
    keyBytes += shared + own;
    if (keyBytes > (long) EXPANSION * file.limit()) {
      throw broken("its keys are more than %d times as long as it is".formatted(EXPANSION));
    }
    byte[] key = Arrays.copyOf(previous, shared + own);
    rest.get(key, shared, own);
    return key;
  }

  private ContentException broken(String reason) {
    return new ContentException("%s is broken: %s".formatted(source, reason));
  }

  /** Where a block is, without its trailer. */
  private record BlockHandle(long offset, long size) {
    static BlockHandle read(String source, ByteBuffer bytes) {
      return new BlockHandle(Varint.read(source, bytes), Varint.read(source, bytes));
    }
  }
}
