package org.bertology.api.tensor;

/** The element type of a host {@link Tensor}. */
public enum DType {
  F32(4),
  F64(8),
  I32(4),
  I64(8),
  /** One byte per element, 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  public boolean isFloating() {
    return this == F32 || this == F64;
  }

  public boolean isInteger() {
    return this == I32 || this == I64;
  }
}
