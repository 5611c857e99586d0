package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.junit.jupiter.api.Test;

/** Counts against the textbook formulas of a transformer. B batch, T tokens, W width, F neurons. */
class ModelFlopsTest {
  private static final int B = 4;
  private static final int T = 128;
  private static final long W = 768;
  private static final long F = 3072;
  private static final int LABELS = 3;
  private static final TransformerConfig BASE =
      ParameterCountsTest.base(Collections.nCopies(12, new LayerGeometry(12, 64, (int) F)));

  /** One linear map of {@code tokens} tokens per example. */
  private static long linear(long tokens, long in, long out) {
    return 2 * B * tokens * in * out;
  }

  /** Products of {@code rows} queries with keys, and of probabilities with values. */
  private static long attention(long rows) {
    return 2 * (2 * B * rows * T * W);
  }

  /** A layer whose output is read for {@code rows} tokens of each example. */
  private static long layer(long rows) {
    long queriesAndOutput = 2 * linear(rows, W, W);
    long keysAndValues = 2 * linear(T, W, W);
    return queriesAndOutput + keysAndValues + attention(rows) + 2 * linear(rows, W, F);
  }

  private static long head() {
    return linear(1, W, W) + linear(1, W, LABELS);
  }

  @Test
  void aFullForwardPassComputesEveryLayerForEveryToken() {
    ModelFlops flops = ModelFlops.of(BASE, Task.SEQUENCE_CLASSIFICATION, B, T);

    assertThat(flops.full()).isEqualTo(12 * layer(T) + head());
  }

  @Test
  void aClassifierNeedsTheLastLayerForTheFirstTokenAlone() {
    ModelFlops flops = ModelFlops.of(BASE, Task.SEQUENCE_CLASSIFICATION, B, T);

    assertThat(flops.narrowed()).isEqualTo(11 * layer(T) + layer(1) + head());
  }

  @Test
  void aTaskThatReadsEveryTokenNeedsEverything() {
    ModelFlops flops = ModelFlops.of(BASE, Task.TOKEN_CLASSIFICATION, B, T);

    assertThat(flops.full()).isEqualTo(12 * layer(T) + linear(T, W, LABELS));
    assertThat(flops.narrowed()).isEqualTo(flops.full());
  }

  /**
   * A gradient with respect to inputs repeats each linear map once and each product of two values
   * twice; it ends at the first layer's contexts.
   */
  @Test
  void theHeadImportancePassGoesBackToTheFirstLayersContexts() {
    ModelFlops flops = ModelFlops.of(BASE, Task.SEQUENCE_CLASSIFICATION, B, T);

    long last = layer(1) + attention(1);
    long middle = 10 * (layer(T) + attention(T));
    long first = linear(T, W, W) + 2 * linear(T, W, F);
    assertThat(flops.headImportance()).hasValue(flops.narrowed() + head() + last + middle + first);
  }

  @Test
  void anEncoderHasNoImportancePass() {
    ModelFlops flops = ModelFlops.of(BASE, Task.ENCODER, B, T);

    assertThat(flops.headImportance()).isEmpty();
    assertThat(flops.narrowed()).isEqualTo(11 * layer(T) + layer(1) + linear(1, W, W));
  }

  @Test
  void aModelWithoutHeadsHasNoHeadImportance() {
    TransformerConfig headless = ParameterCountsTest.base(List.of(new LayerGeometry(0, 64, 8)));

    ModelFlops flops = ModelFlops.of(headless, Task.SEQUENCE_CLASSIFICATION, B, T);

    assertThat(flops.headImportance()).isEmpty();
  }

  @Test
  void aBatchThatTheModelCannotRunIsRefused() {
    String expected = "a batch has at least 1 example of 1 to 512 tokens, got ";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelFlops.of(BASE, Task.ENCODER, 0, T))
        .withMessage(expected + "0 of 128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelFlops.of(BASE, Task.ENCODER, 1, 513))
        .withMessage(expected + "1 of 513");
  }
}
