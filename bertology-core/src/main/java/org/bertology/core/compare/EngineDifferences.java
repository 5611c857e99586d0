package org.bertology.core.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.scoring.RankingAgreement;

/**
 * How far one engine is from the one that all are compared with.
 *
 * @param engine the label of the engine
 * @param values the difference of every hook and gradient, in the model's order
 * @param importance the difference of heads' scores by the gradient criterion
 * @param ranking the agreement of the rankings by these scores
 */
public record EngineDifferences(
    String engine, List<Difference> values, Difference importance, RankingAgreement ranking) {

  public EngineDifferences {
    values = List.copyOf(values);
  }

  /**
   * The differences of two files that {@link org.bertology.core.activation.Activations} wrote for
   * {@link ValueKind#hooks()}.
   *
   * @param layers the {@linkplain org.bertology.api.model.TransformerConfig#layerName names} of the
   *     model's layers
   * @throws IllegalArgumentException if the files hold other values than each other
   */
  public static List<Difference> between(
      SafeTensors expected, SafeTensors actual, List<String> layers) {
    Set<String> expectedNames = compared(expected);
    Set<String> actualNames = compared(actual);
    if (!expectedNames.equals(actualNames)) {
      throw new IllegalArgumentException(
          "expected the values %s, got %s".formatted(expectedNames, actualNames));
    }
    List<Difference> differences = new ArrayList<>();
    for (String name : expected.names()) {
      if (expectedNames.contains(name)) {
        differences.add(
            Difference.ofHook(name, layers, expected.tensor(name), actual.tensor(name)));
      }
    }
    return differences;
  }

  /** The floating-point values; with them lie token ids and lengths, which no engine computes. */
  private static Set<String> compared(SafeTensors values) {
    Set<String> names = new HashSet<>(values.names());
    names.removeIf(name -> !values.storedType(name).host().isFloating());
    return names;
  }

  /** The differences of an engine whose files and scores are at hand. */
  public static EngineDifferences of(
      String engine, List<Difference> values, LayerScores expected, LayerScores actual, int top) {
    return new EngineDifferences(
        engine,
        values,
        Difference.ofScores(expected, actual),
        RankingAgreement.of(expected.flat(), actual.flat(), top));
  }

  /** The difference of each kind that is the largest fraction. */
  public Map<ValueKind, Difference> worstByKind() {
    Map<ValueKind, Difference> worst = new EnumMap<>(ValueKind.class);
    for (Difference difference : values) {
      worst.merge(ValueKind.of(difference.name()), difference, EngineDifferences::larger);
    }
    return worst;
  }

  private static Difference larger(Difference a, Difference b) {
    return b.relative() > a.relative() ? b : a;
  }

  /** The largest fraction of all, importance included. */
  public Difference worst() {
    return values.stream()
        .filter(difference -> difference.relative() > importance.relative())
        .max(Comparator.comparingDouble(Difference::relative))
        .orElse(importance);
  }
}
