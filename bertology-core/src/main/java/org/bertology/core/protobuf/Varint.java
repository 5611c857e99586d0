package org.bertology.core.protobuf;

import java.nio.ByteBuffer;
import org.bertology.core.ContentException;

/** An integer of one to ten bytes, seven bits in each, the lowest first. */
public final class Varint {
  private static final int MOST_BYTES = 10;

  private Varint() {}

  /**
   * Takes an integer from a buffer.
   *
   * @param source what messages call the bytes
   * @throws ContentException if the buffer ends within it, or it has more than ten bytes
   */
  public static long read(String source, ByteBuffer bytes) {
    long value = 0;
    for (int i = 0; i < MOST_BYTES; i++) {
      if (!bytes.hasRemaining()) {
        throw new ContentException(
            "%s is broken or truncated: it ends within an integer".formatted(source));
      }
      byte next = bytes.get();
      value |= (next & 0x7FL) << 7 * i;
      if (next >= 0) {
        return value;
      }
    }
    throw new ContentException(
        "%s is broken: an integer has more than %d bytes".formatted(source, MOST_BYTES));
  }
}
