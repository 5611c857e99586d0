package org.bertology.core.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.importance.LayerScores;

/**
 * How far the values of one engine are from those of another at one place of a model.
 *
 * @param name of the place: a hook, a gradient, or {@code importance}
 * @param absolute the largest difference of two entries; infinite if an entry of one side is not a
 *     finite number and that of the other is not the same
 * @param largest the largest finite magnitude of the expected entries
 * @param head where the largest difference is, if the values belong to heads and differ
 */
public record Difference(String name, double absolute, double largest, Optional<Head> head) {
  /** The name of scores' differences. */
  public static final String IMPORTANCE = "importance";

  /**
   * The difference at a hook or of a gradient.
   *
   * @param layers the {@linkplain org.bertology.api.model.TransformerConfig#layerName names} of the
   *     model's layers
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Difference ofHook(
      String name, List<String> layers, Tensor expected, Tensor actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      throw new IllegalArgumentException(
          "'%s' has shape %s, expected %s"
              .formatted(name, Arrays.toString(actual.shape()), Arrays.toString(expected.shape())));
    }
    Largest found = Largest.of(expected.toDoubles(), actual.toDoubles());
    Optional<Head> head =
        found.place() < 0 ? Optional.empty() : head(name, layers, expected, found);
    return new Difference(name, found.difference(), found.magnitude(), head);
  }

  private static Optional<Head> head(
      String name, List<String> layers, Tensor values, Largest found) {
    if (!ValueKind.of(name).isByHead()) {
      return Optional.empty();
    }
    long[] shape = values.shape();
    long perHead = shape[2] * shape[3];
    int index = (int) (found.place() / perHead % shape[1]);
    return IntStream.range(0, layers.size())
        .filter(layer -> name.startsWith(layers.get(layer) + "."))
        .mapToObj(layer -> new Head(layer, index))
        .findFirst();
  }

  /**
   * The difference of heads' scores.
   *
   * @throws IllegalArgumentException if there are more scores on one side
   */
  public static Difference ofScores(LayerScores expected, LayerScores actual) {
    if (expected.size() != actual.size()) {
      throw new IllegalArgumentException(
          "there are %d scores, expected %d".formatted(actual.size(), expected.size()));
    }
    Largest found = Largest.of(expected.flat(), actual.flat());
    Optional<Head> head =
        expected.ranking().stream()
            .filter(unit -> unit.flatIndex() == found.place())
            .map(unit -> new Head(unit.layer(), unit.index()))
            .findFirst();
    return new Difference(IMPORTANCE, found.difference(), found.magnitude(), head);
  }

  /** The largest difference as a fraction of the largest expected entry; 0 if all are equal. */
  public double relative() {
    return absolute == 0 ? 0 : absolute / largest;
  }

  /**
   * What a pass over two arrays finds.
   *
   * @param place of the largest difference; -1 if all entries are equal
   */
  private record Largest(double difference, double magnitude, int place) {
    static Largest of(double[] expected, double[] actual) {
      double difference = 0;
      double magnitude = 0;
      int place = -1;
      for (int i = 0; i < expected.length; i++) {
        double distance = distance(expected[i], actual[i]);
        if (distance > difference) {
          difference = distance;
          place = i;
        }
        if (Double.isFinite(expected[i])) {
          magnitude = Math.max(magnitude, Math.abs(expected[i]));
        }
      }
      return new Largest(difference, magnitude, place);
    }

    private static double distance(double expected, double actual) {
      if (expected == actual) {
        return 0;
      }
      double distance = Math.abs(actual - expected);
      // Two values that are no numbers agree on nothing.
      return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }
  }
}
