package org.bertology.core.prune;

import java.util.Locale;

/** What a budget bounds. */
public enum Quantity {
  /** Numbers that the task's parameters hold. */
  PARAMETERS,
  /** Floating-point operations of the matrix products of a forward pass. */
  FLOPS,
  /** Bytes of all tensors as they are stored. */
  BYTES,
  /** Measured seconds of a forward pass. */
  LATENCY;

  /** The name in commands and results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
