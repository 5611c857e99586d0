package org.bertology.core.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Examples in groups of similar length, so that little is spent on padding. */
final class Batches {
  private Batches() {}

  /**
   * Longest first, so that what takes most memory fails at once and the last batch is a short one.
   */
  static List<List<EncodedExample>> plan(List<EncodedExample> examples, int batchTokens) {
    List<EncodedExample> sorted =
        examples.stream()
            .sorted(
                Comparator.comparingInt(EncodedExample::allTokens)
                    .reversed()
                    .thenComparingInt(EncodedExample::index))
            .toList();
    List<List<EncodedExample>> batches = new ArrayList<>();
    int start = 0;
    while (start < sorted.size()) {
      int rows = Math.max(1, batchTokens / sorted.get(start).allTokens());
      int end = Math.min(sorted.size(), start + rows);
      batches.add(sorted.subList(start, end));
      start = end;
    }
    return batches;
  }
}
