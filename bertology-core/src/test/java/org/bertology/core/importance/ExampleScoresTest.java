package org.bertology.core.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Stack;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.data.Label;
import org.bertology.core.run.EncodedExample;
import org.junit.jupiter.api.Test;

class ExampleScoresTest {
  private static final int[] ONE_UNIT = {1};

  /** One head, three examples of 1, 2 and 3 tokens with gradients 1, −2, 3, in another order. */
  private static ExampleScores scores() {
    ExampleScores scores = new ExampleScores(3, ONE_UNIT, List.of(Stack.SINGLE));
    scores.add(List.of(example(2), example(0)), results(3, 1));
    scores.add(List.of(example(1)), results(-2));
    return scores;
  }

  private static EncodedExample example(int index) {
    return new EncodedExample(index, new int[index + 1], new int[index + 1], Optional.empty());
  }

  private static Map<String, Tensor> results(float... signed) {
    float[] magnitude = new float[signed.length];
    for (int i = 0; i < signed.length; i++) {
      magnitude[i] = Math.abs(signed[i]) + 1;
    }
    return Map.of(
        ImportanceGraph.signed(0), Tensor.of(signed, signed.length, 1),
        ImportanceGraph.magnitude(0), Tensor.of(magnitude, signed.length, 1));
  }

  @Test
  void tokensAreCountedWithoutPadding() {
    assertThat(scores().tokens().ofTexts()).isEqualTo(6);
  }

  @Test
  void batchesAreFormedInTheOrderOfTheData() {
    assertThat(scores().batchScore(1, false)).containsExactly(6 / 6.0);
    // (1 − 2) / 2, then 3 alone
    assertThat(scores().batchScore(2, false)).containsExactly(3.5 / 6);
    assertThat(scores().batchScore(100, false)).containsExactly(2 / 3.0 / 6);
  }

  /** |1| + |1 − 2| + |1 − 2 + 3| = 4, where clearing the gradient would give 6. */
  @Test
  void theScriptNeverClearsItsGradient() {
    assertThat(scores().batchScore(1, true)).containsExactly(4 / 6.0);
  }

  @Test
  void examplesCountAsOftenAsTheyAreDrawn() {
    int[] drawn = {2, 0, 1};

    assertThat(scores().score(Criterion.GRADIENT, drawn, 0)).containsExactly((2 * 1 + 3) / 3.0);
    assertThat(scores().score(Criterion.FISHER, drawn, 0)).containsExactly((2 * 1 + 9) / 3.0);
    assertThat(scores().score(Criterion.SIGNED, new int[] {1, 1, 1}, 0))
        .containsExactly((1 - 2 + 3) / 3.0);
    // magnitudes 2 and 4, tokens 1 and 3
    assertThat(scores().score(Criterion.TOKEN_GRADIENT, drawn, 0))
        .containsExactly((2 * 2 + 4) / (2 * 1 + 3.0));
    assertThat(scores().score(Criterion.TOKEN_GRADIENT, drawn, 1))
        .containsExactly((2 * 2 + 4) / 3.0);
  }

  /** The example has one token, and two in its target. */
  @Test
  void layersOfADecoderAreDividedByTheTokensOfTargets() {
    ExampleScores scores =
        new ExampleScores(1, new int[] {1, 1}, List.of(Stack.ENCODER, Stack.CROSS));
    Optional<Label> target = Optional.of(new Label.Target(List.of(5, 6)));
    Map<String, Tensor> results = new HashMap<>(results(3));
    results.put(ImportanceGraph.signed(1), Tensor.of(new float[] {3}, 1, 1));
    results.put(ImportanceGraph.magnitude(1), Tensor.of(new float[] {4}, 1, 1));
    scores.add(List.of(new EncodedExample(0, new int[1], new int[1], target)), results);

    assertThat(scores.score(Criterion.TOKEN_GRADIENT, new int[] {1}, 0)).containsExactly(4, 2);
    assertThat(scores.batchScore(1, false)).containsExactly(3, 1.5);
    assertThat(scores.tokens().ofTexts()).isEqualTo(1);
  }

  @Test
  void criteriaThatDependOnTheOrderAreNoFunctionOfCounts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scores().score(Criterion.HF_SCRIPT, new int[] {1, 1, 1}, 0))
        .withMessage("HF_SCRIPT depends on the order");
  }
}
