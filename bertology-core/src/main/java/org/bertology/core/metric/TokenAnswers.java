package org.bertology.core.metric;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bertology.core.metric.EntityTags.Entity;

/** A predicted class for each labelled token of each example, beside the right one. */
public final class TokenAnswers implements Answers {
  private final List<String> names;
  private final int[] starts; // of each example among all tokens, and the end of the last
  private final int[] predicted;
  private final int[] labels;

  private TokenAnswers(List<String> names, int[] starts, int[] predicted, int[] labels) {
    this.names = names;
    this.starts = starts;
    this.predicted = predicted;
    this.labels = labels;
  }

  /**
   * Answers by example and token.
   *
   * @param names of the classes, which say whether they are {@linkplain #areEntityTags tags of
   *     entities}
   * @throws IllegalArgumentException if an example has more of the one than of the other
   */
  public static TokenAnswers of(List<String> names, int[][] predicted, int[][] labels) {
    Series.requirePaired(predicted.length, labels.length, 1);
    int[] starts = new int[labels.length + 1];
    for (int i = 0; i < labels.length; i++) {
      Series.requirePaired(predicted[i].length, labels[i].length, 0);
      starts[i + 1] = starts[i] + labels[i].length;
    }
    return new TokenAnswers(List.copyOf(names), starts, flat(predicted), flat(labels));
  }

  private static int[] flat(int[][] rows) {
    return Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
  }

  /**
   * Whether classes of these names say where entities begin and end: {@code O}, {@code B-PER},
   * {@code I-PER}, …, so that {@link Metric#ENTITY_F1} is defined.
   */
  public static boolean areEntityTags(List<String> names) {
    return EntityTags.of(names).isPresent();
  }

  @Override
  public int size() {
    return starts.length - 1;
  }

  @Override
  public ToDoubleFunction<int[]> counted(Metric metric) {
    return switch (metric) {
      case ACCURACY -> classes().precision();
      case ENTITY_F1 -> entities().f1();
      case ENTITY_PRECISION -> entities().precision();
      case ENTITY_RECALL -> entities().recall();
      default -> {
        ToDoubleFunction<int[]> ofTokens = Classification.counted(metric, predicted, labels);
        yield counts -> ofTokens.applyAsDouble(ofEachToken(counts));
      }
    };
  }

  private int[] ofEachToken(int[] counts) {
    int[] copies = new int[labels.length];
    for (int i = 0; i < size(); i++) {
      Arrays.fill(copies, starts[i], starts[i + 1], counts[i]);
    }
    return copies;
  }

  private Matches classes() {
    Matches matches = new Matches(size());
    for (int i = 0; i < size(); i++) {
      int tokens = starts[i + 1] - starts[i];
      matches.set(i, right(starts[i], starts[i + 1]), tokens, tokens);
    }
    return matches;
  }

  private int right(int from, int to) {
    int right = 0;
    for (int token = from; token < to; token++) {
      right += predicted[token] == labels[token] ? 1 : 0;
    }
    return right;
  }

  private Matches entities() {
    EntityTags tags =
        EntityTags.of(names)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the classes do not say where entities begin and end (O, B-PER, I-PER, ...): "
                            + String.join(", ", names)));
    Matches matches = new Matches(size());
    for (int i = 0; i < size(); i++) {
      List<Entity> found = tags.entities(predicted, starts[i], starts[i + 1]);
      List<Entity> actual = tags.entities(labels, starts[i], starts[i + 1]);
      Set<Entity> right = new HashSet<>(found);
      right.retainAll(new HashSet<>(actual));
      matches.set(i, right.size(), found.size(), actual.size());
    }
    return matches;
  }

  @Override
  public Optional<Tally> tally() {
    return Optional.of(new Tally(right(0, labels.length), labels.length));
  }

  @Override
  public boolean sameQuestions(Answers other) {
    return other instanceof TokenAnswers answers
        && Arrays.equals(starts, answers.starts)
        && Arrays.equals(labels, answers.labels);
  }

  @Override
  public TokenAnswers followedBy(Answers other) {
    TokenAnswers next = Series.sameKind(this, other);
    int[] behind = new int[next.size()];
    Arrays.setAll(behind, i -> labels.length + next.starts[i + 1]);
    return new TokenAnswers(
        names,
        Series.joined(starts, behind),
        Series.joined(predicted, next.predicted),
        Series.joined(labels, next.labels));
  }
}
