package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.bertology.api.contract.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionPatternTest {
  private static final TransformerConfig CONFIG = TinyModels.uneven(2);

  /** What each token of two examples of 4 and 2 tokens sees: a line per token, x where it does. */
  private static List<String> seen(AttentionPattern pattern) {
    ModelInputs inputs =
        ModelInputs.of(
            CONFIG.withAttention(pattern),
            List.of(new int[] {1, 2, 3, 4}, new int[] {5, 6}),
            List.of(new int[] {0, 0, 1, 1}, new int[] {0, 1}),
            0);
    float[] bias = inputs.tensors().get(ModelInputs.ATTENTION_BIAS).toFloats();
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < bias.length / 4; row++) {
      StringBuilder line = new StringBuilder();
      for (int key = 0; key < 4; key++) {
        line.append(bias[row * 4 + key] == 0 ? 'x' : '.');
      }
      rows.add(line.toString());
    }
    return rows;
  }

  @Test
  void tokensSeeWhatThePatternSays() {
    assertThat(seen(AttentionPattern.FULL)).containsExactly("xxxx", "xx..");
    assertThat(seen(AttentionPattern.LEFT_TO_RIGHT))
        .containsExactly("x...", "xx..", "xxx.", "xxxx", "x...", "xx..", "xx..", "xx..");
    assertThat(seen(AttentionPattern.prefix(3)))
        .containsExactly("xxx.", "xxx.", "xxx.", "xxxx", "xx..", "xx..", "xx..", "xx..");
    assertThat(seen(AttentionPattern.SEQUENCE_TO_SEQUENCE))
        .containsExactly("xx..", "xx..", "xxx.", "xxxx", "x...", "xx..", "xx..", "xx..");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "left-to-right", "prefix:12", "sequence-to-sequence"})
  void aTextStandsForThePatternThatHasIt(String text) {
    assertThat(AttentionPattern.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prefix", "prefix:-1", "prefix:x", "causal", "prefix:9999999999"})
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AttentionPattern.parse(text))
        .withMessage(
            "unknown attention '%s'; expected full, left-to-right, prefix:N with a number of tokens, or sequence-to-sequence",
            text);
  }

  @Test
  void aModelWithoutTokenTypesCannotTellSegmentsApart() {
    TransformerConfig gpt =
        new TransformerConfig(
            new Gpt(), 11, 8, CONFIG.layers(), 9, 0, 1e-5, Activation.GELU_TANH, 2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> gpt.withAttention(AttentionPattern.SEQUENCE_TO_SEQUENCE))
        .withMessage(
            "sequence-to-sequence attention tells segments apart by their token types; this model has 0 types of tokens, it needs 2");
  }
}
