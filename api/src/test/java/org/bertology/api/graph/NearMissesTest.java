package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NearMissesTest {
  private static final List<String> KINDS =
      List.of("query", "key", "value", "scores", "probabilities", "context", "output");

  /** The attention hooks of twelve layers, and some more. */
  private static List<String> hooks() {
    List<String> names = new ArrayList<>(List.of("embeddings"));
    for (int layer = 0; layer < 12; layer++) {
      for (String kind : KINDS) {
        names.add("layer.%d.attention.%s".formatted(layer, kind));
      }
      names.add("layer." + layer);
    }
    names.addAll(List.of("pooled", "logits", "loss"));
    return names;
  }

  @Test
  void aTypingErrorFindsTheNameMeant() {
    assertThat(NearMisses.hint("layer.3.atention.query", hooks()))
        .isEqualTo("; did you mean 'layer.3.attention.query'?");
    assertThat(NearMisses.hint("logtis", hooks())).isEqualTo("; did you mean 'logits'?");
    assertThat(NearMisses.hint("embedding", hooks())).isEqualTo("; did you mean 'embeddings'?");
  }

  @Test
  void anAbbreviationFindsTheNameMeant() {
    assertThat(NearMisses.hint("layer.0.attention.probs", hooks()))
        .startsWith("; did you mean 'layer.0.attention.probabilities'");
  }

  @Test
  void atMostThreeNamesAreOffered() {
    String hint = NearMisses.hint("layer.12.attention.query", hooks());

    assertThat(hint).contains("layer.1.attention.query", "layer.2.attention.query");
    assertThat(hint.split(" or ")).hasSize(3);
  }

  @Test
  void aFewKnownNamesAreListedWhereNoneIsNear() {
    assertThat(NearMisses.hint("classifier", List.of("loss", "pooled")))
        .isEqualTo("; known: loss, pooled");
  }

  @Test
  void manyKnownNamesAreNotListed() {
    List<String> many = IntStream.range(0, 13).mapToObj(i -> "quantity" + i).toList();

    assertThat(NearMisses.hint("x", many)).isEmpty();
    assertThat(NearMisses.hint("x", List.of())).isEmpty();
  }
}
