package org.bertology.core.checkpoint.tensorflow;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C as LevelDB and TensorFlow store it: rotated by 15 bits and shifted by a constant, so that
 * the checksum of bytes which hold checksums stays meaningful.
 */
final class MaskedChecksum {
  private static final int SHIFT = 0xa282ead8;

  private MaskedChecksum() {}

  /** The checksum of all that is left in a buffer, which is not changed. */
  static int of(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return Integer.rotateRight((int) checksum.getValue(), 15) + SHIFT;
  }
}
