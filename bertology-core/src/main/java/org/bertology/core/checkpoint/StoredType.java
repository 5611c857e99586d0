package org.bertology.core.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bertology.api.tensor.DType;

/** An element type of a safetensors file, by its name there, and what it becomes on the host. */
public enum StoredType {
  F64(8, DType.F64),
  F32(4, DType.F32),
  /** IEEE 754 binary16. */
  F16(2, DType.F32),
  /** The upper half of an F32. */
  BF16(2, DType.F32),
  I64(8, DType.I64),
  I32(4, DType.I32),
  I16(2, DType.I32),
  I8(1, DType.I32),
  U8(1, DType.I32),
  BOOL(1, DType.BOOL);

  private final int bytes;
  private final DType host;

  StoredType(int bytes, DType host) {
    this.bytes = bytes;
    this.host = host;
  }

  /** Bytes per element in the file. */
  public int bytes() {
    return bytes;
  }

  /** The element type of the tensor that is read; it holds every stored value exactly. */
  public DType host() {
    return host;
  }

  /** Whether the bytes in the file are those of the host tensor, so that they need no copy. */
  boolean isHostLayout() {
    return name().equals(host.name());
  }

  /** The element type that stores a host tensor as it is. */
  public static StoredType of(DType type) {
    return valueOf(type.name());
  }

  static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(StoredType::name).collect(Collectors.joining(", "));
  }
}
