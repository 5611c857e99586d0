package org.bertology.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PermutationsTest {
  @Test
  void allOrdersAreEquallyLikely() {
    SplittableRandom random = new SplittableRandom(1);
    Map<String, Integer> counts = new HashMap<>();

    for (int draw = 0; draw < 24_000; draw++) {
      counts.merge(Arrays.toString(Permutations.of(4, random)), 1, Integer::sum);
    }

    // Five standard deviations of a count around 1,000.
    assertThat(counts).hasSize(24);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(845, 1155));
  }

  @Test
  void ofNothingThereIsOne() {
    assertThat(Permutations.of(0, new SplittableRandom(1))).isEmpty();
  }
}
