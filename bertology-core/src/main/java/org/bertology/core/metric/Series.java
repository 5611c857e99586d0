package org.bertology.core.metric;

import java.util.Arrays;

/** What scores over two series of numbers share. */
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

  /** The other answers as those of the same kind. */
  @SuppressWarnings("unchecked") // the classes are equal
  static <A extends Answers> A sameKind(A one, Answers other) {
    if (one.getClass() != other.getClass()) {
      throw new IllegalArgumentException(
          "%s cannot be joined with %s"
              .formatted(one.getClass().getSimpleName(), other.getClass().getSimpleName()));
    }
    return (A) other;
  }

  static int[] joined(int[] one, int[] other) {
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  static double[] joined(double[] one, double[] other) {
    double[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
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
