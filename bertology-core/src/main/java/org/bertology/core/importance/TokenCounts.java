package org.bertology.core.importance;

import java.util.Arrays;
import java.util.List;
import org.bertology.api.model.Stack;
import org.bertology.core.run.EncodedExample;

/** How many tokens of each example pass through each layer, filled batch by batch in any order. */
final class TokenCounts {
  private final List<Stack> stacks;
  private final int[] texts;
  private final int[] targets;

  /**
   * No tokens yet.
   *
   * @param stacks what each layer is part of
   */
  TokenCounts(int examples, List<Stack> stacks) {
    this.stacks = List.copyOf(stacks);
    this.texts = new int[examples];
    this.targets = new int[examples];
  }

  void add(List<EncodedExample> batch) {
    for (EncodedExample example : batch) {
      texts[example.index()] = example.length();
      targets[example.index()] = example.targetLength();
    }
  }

  int examples() {
    return texts.length;
  }

  /** Tokens of all texts, those of targets not counted. */
  long ofTexts() {
    return Arrays.stream(texts).asLongStream().sum();
  }

  /** The tokens that pass through each layer. */
  double[] byLayer() {
    int[] once = new int[examples()];
    Arrays.fill(once, 1);
    return byLayer(once);
  }

  /** The same with each example counted as often as said. */
  double[] byLayer(int[] counts) {
    long ofTexts = sum(texts, counts);
    long ofTargets = sum(targets, counts);
    return stacks.stream().mapToDouble(s -> s.isOfTarget() ? ofTargets : ofTexts).toArray();
  }

  private static long sum(int[] tokens, int[] counts) {
    long sum = 0;
    for (int n = 0; n < tokens.length; n++) {
      sum += (long) counts[n] * tokens[n];
    }
    return sum;
  }
}
