package org.bertology.core.checkpoint.tensorflow;

import java.util.stream.LongStream;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.TensorEntry;
import org.bertology.core.protobuf.MessageReader;

/**
 * What the index says of one variable: {@code BundleEntryProto} of TensorFlow's {@code
 * tensor_bundle.proto}.
 *
 * @param shard the number of the file that holds it
 * @param checksum of its bytes, masked
 */
record BundleEntry(TensorEntry tensor, int shard, int checksum) {

  /**
   * Reads an entry.
   *
   * @throws ContentException if it is broken, partitioned, or of a type that is not read
   */
  static BundleEntry read(String name, MessageReader message) {
    int type = 0;
    long[] shape = {};
    int shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> type = message.index();
        case 2 -> shape = shape(message.message("its shape"));
        case 3 -> shard = message.index();
        case 4 -> offset = message.number();
        case 5 -> size = message.number();
        case 6 -> checksum = message.fixed32();
        case 7 ->
            throw new ContentException(
                "%s is stored in partitions, which is not read; save it whole, without a partitioner"
                    .formatted(message.source()));
        default -> {}
      }
    }
    StoredType stored = type(message.source(), type);
    TensorEntry tensor = TensorEntry.of(message.source(), name, stored, shape, offset, size);
    return new BundleEntry(tensor, shard, checksum);
  }

  /** {@code TensorShapeProto}. */
  private static long[] shape(MessageReader message) {
    LongStream.Builder extents = LongStream.builder();
    while (message.next()) {
      if (message.field() == 2) {
        extents.add(extent(message.message("an extent")));
      }
    }
    return extents.build().toArray();
  }

  private static long extent(MessageReader message) {
    long size = 0;
    while (message.next()) {
      if (message.field() == 1) {
        size = message.number();
      }
    }
    return size;
  }

  /** The element type by its number in TensorFlow's {@code DataType}. */
  private static StoredType type(String source, int number) {
    return switch (number) {
      case 1 -> StoredType.F32;
      case 2 -> StoredType.F64;
      case 3 -> StoredType.I32;
      case 4 -> StoredType.U8;
      case 5 -> StoredType.I16;
      case 6 -> StoredType.I8;
      case 9 -> StoredType.I64;
      case 10 -> StoredType.BOOL;
      case 14 -> StoredType.BF16;
      case 19 -> StoredType.F16;
      default ->
          throw new ContentException(
              "%s has TensorFlow's data type %d, which is not read; read are float, double, half, bfloat16, bool and the integers"
                  .formatted(source, number));
    };
  }
}
