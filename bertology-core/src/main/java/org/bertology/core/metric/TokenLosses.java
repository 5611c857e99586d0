package org.bertology.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The mean loss over the predicted tokens of each example, how many there are, and how many were
 * found: what a language model answers, without the words it would have preferred.
 */
public final class TokenLosses implements Answers {
  private final double[] losses;
  private final int[] tokens;
  private final int[] right;

  /**
   * Losses by example; copied.
   *
   * @param losses means over the tokens of each example, in nats
   * @param tokens how many these are
   * @param right how many of them are the model's first choice
   */
  public TokenLosses(double[] losses, int[] tokens, int[] right) {
    Series.requirePaired(losses.length, tokens.length, 1);
    Series.requirePaired(right.length, tokens.length, 1);
    this.losses = losses.clone();
    this.tokens = tokens.clone();
    this.right = right.clone();
  }

  @Override
  public int size() {
    return losses.length;
  }

  @Override
  public ToDoubleFunction<int[]> counted(Metric metric) {
    return switch (metric) {
      case ACCURACY -> matches().precision();
      case PERPLEXITY -> counts -> Math.exp(perToken(counts));
      default -> throw metric.refusal(Metric.Of.LOSSES);
    };
  }

  /** The mean over all tokens, so that an example counts by its length. */
  private double perToken(int[] counts) {
    double sum = 0;
    long all = 0;
    for (int i = 0; i < losses.length; i++) {
      long drawn = (long) counts[i] * tokens[i];
      sum += drawn == 0 ? 0 : drawn * losses[i];
      all += drawn;
    }
    return sum / all;
  }

  private Matches matches() {
    Matches matches = new Matches(size());
    for (int i = 0; i < size(); i++) {
      matches.set(i, right[i], tokens[i], tokens[i]);
    }
    return matches;
  }

  @Override
  public Optional<Tally> tally() {
    return Optional.of(new Tally(Arrays.stream(right).sum(), Arrays.stream(tokens).sum()));
  }

  @Override
  public double weight(int example) {
    return tokens[example];
  }

  @Override
  public boolean sameQuestions(Answers other) {
    return other instanceof TokenLosses answers && Arrays.equals(tokens, answers.tokens);
  }

  @Override
  public TokenLosses followedBy(Answers other) {
    TokenLosses next = Series.sameKind(this, other);
    return new TokenLosses(
        Series.joined(losses, next.losses),
        Series.joined(tokens, next.tokens),
        Series.joined(right, next.right));
  }
}
