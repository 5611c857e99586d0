package org.bertology.core.metric;

/** Checks that scores over two series of numbers share. */
final class Series {
  private Series() {}

  static void requirePaired(int predictions, int labels, int atLeast) {
    if (predictions != labels) {
      throw new IllegalArgumentException(
          "expected one prediction per label, got "
              + predictions
              + " predictions and "
              + labels
              + " labels");
    }
    if (labels < atLeast) {
      throw new IllegalArgumentException(
          "expected at least "
              + atLeast
              + " example"
              + (atLeast == 1 ? "" : "s")
              + ", got "
              + labels);
    }
  }

  /** Whether no correlation is defined: all values are equal, or one is not a number. */
  static boolean isDegenerate(double[] values) {
    boolean varies = false;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return true;
      }
      varies |= value != values[0];
    }
    return !varies;
  }
}
