package org.bertology.core.checkpoint.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.HashMap;
import java.util.Map;

/**
 * A file of any size, mapped into memory as far as it is asked for. A mapping holds less than 2
 * GiB, so there is one of that length for every GiB: whatever is not longer than a GiB lies in one.
 */
final class FileMap {
  private static final long STEP = 1L << 30;

  private final FileChannel channel;
  private final long size;
  private final Map<Long, ByteBuffer> windows = new HashMap<>();

  FileMap(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  /**
   * Bytes of the file, read-only and little-endian.
   *
   * @param length at most {@link Integer#MAX_VALUE}; the bytes must be there
   */
  ByteBuffer slice(long position, long length) throws IOException {
    if (length > STEP) {
      return map(position, length);
    }
    long start = position / STEP * STEP;
    ByteBuffer window = windows.get(start);
    if (window == null) {
      window = map(start, Math.min(2 * STEP - 1, size - start));
      windows.put(start, window);
    }
    return window.slice((int) (position - start), (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer map(long position, long length) throws IOException {
    return channel.map(MapMode.READ_ONLY, position, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
