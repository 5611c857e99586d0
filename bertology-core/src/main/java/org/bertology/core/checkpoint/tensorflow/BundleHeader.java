package org.bertology.core.checkpoint.tensorflow;

import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageReader;

/**
 * What the index says of all variables together: {@code BundleHeaderProto} of TensorFlow's {@code
 * tensor_bundle.proto}.
 *
 * @param shards the number of files that hold the variables, at least 1
 */
record BundleHeader(int shards) {
  /** The key under which the index has it; it sorts before all names. */
  static final String KEY = "";

  private static final int LITTLE_ENDIAN = 0;

  static BundleHeader read(MessageReader message) {
    int shards = 0;
    int byteOrder = LITTLE_ENDIAN;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> shards = message.index();
        case 2 -> byteOrder = message.index();
        default -> {}
      }
    }
    if (shards < 1) {
      throw new ContentException(
          "%s is broken: it has %d data files, expected at least 1"
              .formatted(message.source(), shards));
    }
    if (byteOrder != LITTLE_ENDIAN) {
      throw new ContentException(
          "%s: the variables are big-endian, which is not read".formatted(message.source()));
    }
    return new BundleHeader(shards);
  }
}
