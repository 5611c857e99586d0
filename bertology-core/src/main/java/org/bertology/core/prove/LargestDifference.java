package org.bertology.core.prove;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** The largest difference of two models' outputs, found batch by batch in any order. */
final class LargestDifference {
  private double absolute;
  private double largest;
  private OptionalInt example = OptionalInt.empty();

  /**
   * Takes the outputs of a batch, {@code [B, labels]} or {@code [B, T, labels]} where T counts the
   * tokens of the target text, if there is one.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  void add(List<EncodedExample> batch, Tensor expected, Tensor actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      throw new IllegalArgumentException(
          "the pruned model's outputs have shape %s, those of the model under the mask %s; compare a model with a pruned form of itself"
              .formatted(Arrays.toString(actual.shape()), Arrays.toString(expected.shape())));
    }
    double[] wanted = expected.toDoubles();
    double[] got = actual.toDoubles();
    int row = wanted.length / batch.size();
    for (int i = 0; i < batch.size(); i++) {
      addRow(batch.get(i).index(), wanted, got, i * row, i * row + used(batch.get(i), expected));
    }
  }

  /** How many of an example's outputs are not at padding. */
  private static int used(EncodedExample example, Tensor outputs) {
    int width = (int) outputs.extent(-1);
    int tokens = example.targetLength() > 0 ? example.targetLength() : example.length();
    return outputs.rank() == 3 ? tokens * width : width;
  }

  private void addRow(int index, double[] expected, double[] actual, int start, int end) {
    double difference = 0;
    for (int i = start; i < end; i++) {
      difference = Math.max(difference, distance(expected[i], actual[i]));
      if (Double.isFinite(expected[i])) {
        largest = Math.max(largest, Math.abs(expected[i]));
      }
    }
    // Of equal differences that of the first example counts, in whatever order batches end.
    boolean first = difference == absolute && example.isPresent() && index < example.getAsInt();
    if (difference > absolute || first) {
      absolute = difference;
      example = OptionalInt.of(index);
    }
  }

  private static double distance(double expected, double actual) {
    if (expected == actual) {
      return 0;
    }
    double distance = Math.abs(actual - expected);
    // Two values that are no numbers agree on nothing.
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  double absolute() {
    return absolute;
  }

  double largest() {
    return largest;
  }

  OptionalInt example() {
    return example;
  }
}
