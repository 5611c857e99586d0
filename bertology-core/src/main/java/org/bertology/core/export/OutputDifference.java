package org.bertology.core.export;

import java.util.Arrays;
import org.bertology.api.tensor.Tensor;

/**
 * How far an output of a file is from what the model gives.
 *
 * @param output its name
 * @param absolute the largest difference of two entries; infinite if the shapes differ, or an entry
 *     of one side is not a finite number and that of the other is not the same
 * @param largest the largest finite magnitude that the model gives
 */
public record OutputDifference(String output, double absolute, double largest) {
  static OutputDifference none(String output) {
    return new OutputDifference(output, 0, 0);
  }

  /** The same with the entries of one more batch. */
  OutputDifference with(Tensor expected, Tensor actual) {
    double[] wanted = expected.toDoubles();
    double[] got = actual.toDoubles();
    boolean sameShape = Arrays.equals(expected.shape(), actual.shape());
    double difference = sameShape ? absolute : Double.POSITIVE_INFINITY;
    double magnitude = largest;
    for (int i = 0; i < wanted.length && sameShape; i++) {
      difference = Math.max(difference, distance(wanted[i], got[i]));
      magnitude = Double.isFinite(wanted[i]) ? Math.max(magnitude, Math.abs(wanted[i])) : magnitude;
    }
    return new OutputDifference(output, difference, magnitude);
  }

  private static double distance(double expected, double actual) {
    if (expected == actual) {
      return 0;
    }
    double distance = Math.abs(actual - expected);
    // Two values that are no numbers agree on nothing.
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  /** The difference as a fraction of the largest entry; 0 if all are equal. */
  public double relative() {
    return absolute == 0 ? 0 : absolute / largest;
  }
}
