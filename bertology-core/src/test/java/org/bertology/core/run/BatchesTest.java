package org.bertology.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchesTest {
  static List<EncodedExample> examples(int... lengths) {
    List<EncodedExample> examples = new ArrayList<>();
    for (int length : lengths) {
      examples.add(
          new EncodedExample(examples.size(), new int[length], new int[length], Optional.empty()));
    }
    return examples;
  }

  private static List<List<Integer>> plan(int batchTokens, int... lengths) {
    return Batches.plan(examples(lengths), batchTokens).stream()
        .map(batch -> batch.stream().map(EncodedExample::index).toList())
        .toList();
  }

  @Test
  void theLongestComeFirst() {
    assertThat(plan(1, 3, 9, 5)).containsExactly(List.of(1), List.of(2), List.of(0));
  }

  @Test
  void equalLengthsStayInTheOrderOfTheData() {
    assertThat(plan(1000, 4, 7, 4, 7, 4)).containsExactly(List.of(1, 3, 0, 2, 4));
  }

  @Test
  void paddingCountsAgainstTheBudget() {
    // 8 + 8 = 16 with padding; a third row would need 24.
    assertThat(plan(23, 8, 5, 5, 5)).containsExactly(List.of(0, 1), List.of(2, 3));
  }

  @Test
  void aBatchMayFillTheBudgetExactly() {
    assertThat(plan(24, 8, 5, 5, 5)).containsExactly(List.of(0, 1, 2), List.of(3));
  }

  @Test
  void anExampleLongerThanTheBudgetIsABatchOfItsOwn() {
    assertThat(plan(10, 50, 5, 5)).containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void noExamplesMakeNoBatches() {
    assertThat(plan(10)).isEmpty();
  }
}
