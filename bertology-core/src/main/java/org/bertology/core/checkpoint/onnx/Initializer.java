package org.bertology.core.checkpoint.onnx;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.TensorEntry;
import org.bertology.core.file.FileName;
import org.bertology.core.protobuf.MessageReader;

/**
 * A named tensor of an ONNX model: {@code TensorProto} of {@code onnx.proto}.
 *
 * @param source what messages call it
 * @param type the number of its element type in {@code TensorProto.DataType}
 * @param data its bytes in the model
 * @param external where its bytes are instead, by key; empty where they are in the model
 */
record Initializer(
    String source,
    String name,
    int type,
    long[] shape,
    ByteBuffer data,
    Map<String, String> external) {
  private static final String LOCATION = "location";
  private static final String OFFSET = "offset";
  private static final String LENGTH = "length";

  Initializer {
    external = Map.copyOf(external);
  }

  static Initializer read(MessageReader message) {
    String name = "";
    int type = 0;
    LongStream.Builder shape = LongStream.builder();
    ByteBuffer data = ByteBuffer.allocate(0);
    Map<String, String> external = new HashMap<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> message.numbers(shape);
        case 2 -> type = message.index();
        case 8 -> name = message.text();
        case 9 -> data = message.bytes();
        case 13 -> addPlace(message.message("its place"), external);
        default -> {}
      }
    }
    if (name.isEmpty()) {
      throw new ContentException("%s is broken: it has no name".formatted(message.source()));
    }
    String source = "%s '%s'".formatted(message.source(), name);
    return new Initializer(source, name, type, shape.build().toArray(), data, external);
  }

  /** {@code StringStringEntryProto}. */
  private static void addPlace(MessageReader message, Map<String, String> external) {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.text();
        case 2 -> value = message.text();
        default -> {}
      }
    }
    if (key.equals(LOCATION) || key.equals(OFFSET) || key.equals(LENGTH)) {
      external.put(key, value);
    }
  }

  boolean isExternal() {
    return !external.isEmpty();
  }

  /**
   * The name of the file beside the model that has the bytes.
   *
   * @throws ContentException if it might be a file elsewhere
   */
  String location() {
    String location = external.getOrDefault(LOCATION, "");
    if (!FileName.isPlain(location)) {
      throw new ContentException(
          "%s is in the file '%s'; expected a file name without directories"
              .formatted(source, location));
    }
    return location;
  }

  /** Where its bytes are, counted from the beginning of {@link #data} or of the file. */
  TensorEntry entry() {
    return isExternal()
        ? TensorEntry.of(source, name, storedType(), shape, number(OFFSET), number(LENGTH))
        : TensorEntry.of(source, name, storedType(), shape, 0, data.remaining());
  }

  private long number(String key) {
    String value = external.getOrDefault(key, "");
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ContentException(
          "%s is broken: the %s of its bytes is '%s', expected a number"
              .formatted(source, key, value),
          e);
    }
  }

  private StoredType storedType() {
    return switch (type) {
      case 1 -> StoredType.F32;
      case 2 -> StoredType.U8;
      case 3 -> StoredType.I8;
      case 5 -> StoredType.I16;
      case 6 -> StoredType.I32;
      case 7 -> StoredType.I64;
      case 9 -> StoredType.BOOL;
      case 10 -> StoredType.F16;
      case 11 -> StoredType.F64;
      case 16 -> StoredType.BF16;
      default ->
          throw new ContentException(
              "%s has ONNX's data type %d, which is not read; read are float, double, float16, bfloat16, bool and the integers"
                  .formatted(source, type));
    };
  }
}
