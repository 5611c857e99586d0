package org.bertology.core.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class HookPatternsTest {
  private static final List<String> KNOWN =
      List.of(
          "embeddings",
          "layer.0.attention.query",
          "layer.0.attention.probabilities",
          "layer.0.attention.gate",
          "layer.0.attention.context",
          "layer.0",
          "layer.1.attention.query",
          "layer.1.attention.probabilities",
          "layer.1.attention.gate",
          "layer.1.attention.context",
          "layer.1",
          "layer.10",
          "pooled",
          "logits");

  private static List<String> resolve(String... patterns) {
    return HookPatterns.resolve(List.of(patterns), KNOWN);
  }

  @Test
  void aNameMeansItself() {
    assertThat(resolve("pooled", "layer.1")).containsExactly("pooled", "layer.1");
  }

  @Test
  void aStarStaysBetweenTwoDots() {
    assertThat(resolve("layer.*")).containsExactly("layer.0", "layer.1", "layer.10");
    assertThat(resolve("layer.1*")).containsExactly("layer.1", "layer.10");
    assertThat(resolve("layer.*.attention.query"))
        .containsExactly("layer.0.attention.query", "layer.1.attention.query");
  }

  @Test
  void twoStarsCrossDotsButLeaveGatesOut() {
    assertThat(resolve("layer.1.**"))
        .containsExactly(
            "layer.1.attention.query",
            "layer.1.attention.probabilities",
            "layer.1.attention.context");
    assertThat(resolve("**")).hasSize(KNOWN.size() - 2);
  }

  @Test
  void aGateIsMeantWhereItIsNamed() {
    assertThat(resolve("layer.*.attention.gate.gradient"))
        .containsExactly("layer.0.attention.gate.gradient", "layer.1.attention.gate.gradient");
  }

  @Test
  void aGroupMeansItsHooks() {
    assertThat(resolve("hidden-states"))
        .containsExactly("embeddings", "layer.0", "layer.1", "layer.10");
    assertThat(resolve("contexts.gradient"))
        .containsExactly(
            "layer.0.attention.context.gradient", "layer.1.attention.context.gradient");
  }

  @Test
  void aHookAskedForTwiceComesOnce() {
    assertThat(resolve("layer.0", "layer.*", "layer.0.gradient"))
        .containsExactly("layer.0", "layer.1", "layer.10", "layer.0.gradient");
  }

  @Test
  void anUnknownNameGetsNearMisses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("layer.1.attention.contxt.gradient"))
        .withMessageStartingWith(
            "no hook of this model is named 'layer.1.attention.contxt'; did you mean"
                + " 'layer.1.attention.context'");
  }

  @Test
  void anUnknownPatternGetsNearMissesThatArePatterns() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("layer.*.attention.probability"))
        .withMessageStartingWith(
            "no hook of this model is named 'layer.*.attention.probability'; did you mean"
                + " 'layer.*.attention.probabilities'");
  }

  @Test
  void aMisspeltGroupGetsNearMisses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("hidden_states"))
        .withMessage(
            "no hook of this model is named 'hidden_states'; did you mean 'hidden-states'?");
  }

  @Test
  void aNameUnlikeAnyGetsTheWholeVocabulary() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("something.else.entirely"))
        .withMessage(
            "no hook of this model is named 'something.else.entirely'; groups: hidden-states,"
                + " attentions, scores, queries, keys, values, contexts, neurons; hooks:"
                + " embeddings, layer.*.attention.query, layer.*.attention.probabilities,"
                + " layer.*.attention.gate, layer.*.attention.context, layer.*, pooled, logits");
  }

  @Test
  void nothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(HookPatternsTest::resolve)
        .withMessage(
            "no hooks are asked for; name some, or groups: hidden-states, attentions, scores,"
                + " queries, keys, values, contexts, neurons");
  }
}
