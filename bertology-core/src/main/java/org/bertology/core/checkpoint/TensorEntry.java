package org.bertology.core.checkpoint;

import java.util.Arrays;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/**
 * Where a tensor lies in a file.
 *
 * @param begin offset of the first byte, counted from the start of the data
 * @param end offset after the last byte
 */
public record TensorEntry(String name, StoredType type, long[] shape, long begin, long end) {
  /** Far beyond every model. */
  private static final int MOST_AXES = 32;

  /** The entry {@code name} of a safetensors header, checked for itself. */
  static TensorEntry read(JsonFields header, String name) {
    JsonFields fields = header.fields(name);
    String type = fields.text("dtype");
    StoredType stored = StoredType.named(type).orElseThrow(() -> unknownType(fields, type));
    long[] shape = fields.longs("shape", "an array of extents");
    long[] offsets = fields.longs("data_offsets", "an array of two offsets");
    TensorEntry entry = new TensorEntry(name, stored, shape, first(fields, offsets), offsets[1]);
    entry.checkSize(fields);
    return entry;
  }

  /**
   * An entry of a file that states size and shape apart.
   *
   * @param source what messages call the tensor
   * @throws ContentException if the numbers are negative, too large, or disagree
   */
  public static TensorEntry of(
      String source, String name, StoredType type, long[] shape, long begin, long bytes) {
    if (shape.length > MOST_AXES) {
      throw new ContentException(
          "%s is broken: it has %d axes, expected at most %d"
              .formatted(source, shape.length, MOST_AXES));
    }
    boolean negative = begin < 0 || bytes < 0 || Arrays.stream(shape).anyMatch(n -> n < 0);
    if (!negative && begin <= Long.MAX_VALUE - bytes) {
      TensorEntry entry = new TensorEntry(name, type, shape, begin, begin + bytes);
      if (entry.neededBytes() == bytes) {
        return entry;
      }
    }
    throw new ContentException(
        "%s is broken: it is %s %s and has %d bytes at position %d"
            .formatted(source, type, Arrays.toString(shape), bytes, begin));
  }

  private static ContentException unknownType(JsonFields fields, String type) {
    return new ContentException(
        "%s has the unknown dtype '%s'; known are %s"
            .formatted(fields.source(), type, StoredType.names()));
  }

  private static long first(JsonFields fields, long[] offsets) {
    if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
      throw fields.wrong("data_offsets", "two offsets 0 <= begin <= end", Arrays.toString(offsets));
    }
    return offsets[0];
  }

  private void checkSize(JsonFields fields) {
    if (Arrays.stream(shape).anyMatch(extent -> extent < 0)) {
      throw fields.wrong("shape", "free of negative extents", Arrays.toString(shape));
    }
    long expected = neededBytes();
    if (expected != bytes()) {
      throw new ContentException(
          "%s: %s %s needs %s bytes, but its data_offsets %s hold %d"
              .formatted(
                  fields.source(),
                  type,
                  Arrays.toString(shape),
                  expected == Long.MAX_VALUE ? "more than 2^63" : expected,
                  Arrays.toString(new long[] {begin, end}),
                  bytes()));
    }
  }

  /** The size that type and shape, whose extents are not negative, demand; at most 2^63 - 1. */
  private long neededBytes() {
    long bytes = type.bytes();
    try {
      for (long extent : shape) {
        bytes = Math.multiplyExact(bytes, extent);
      }
      return bytes;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** The tensor's size in the file. */
  public long bytes() {
    return end - begin;
  }

  /** The size of the tensor that is read. */
  long hostBytes() {
    return bytes() / type.bytes() * type.host().bytes();
  }
}
