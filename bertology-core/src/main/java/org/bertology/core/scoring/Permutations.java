package org.bertology.core.scoring;

import java.util.SplittableRandom;

/** Random orders. */
final class Permutations {
  private Permutations() {}

  /** The numbers from 0 to n - 1 in one of n! orders, all equally likely (Durstenfeld, 1964). */
  static int[] of(int n, SplittableRandom random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
