package org.bertology.core.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterNamesTest {
  @ParameterizedTest
  @CsvSource({
    "embeddings.word_embeddings.weight, bert.embeddings.word_embeddings.weight",
    "encoder.layer.0.attention.self.query.weight,"
        + " bert.encoder.layer.0.attention.self.query.weight",
    "pooler.dense.bias, bert.pooler.dense.bias",
    "bert.embeddings.LayerNorm.gamma, bert.embeddings.LayerNorm.weight",
    "bert.embeddings.LayerNorm.beta, bert.embeddings.LayerNorm.bias",
    "encoder.layer.11.output.LayerNorm.gamma, bert.encoder.layer.11.output.LayerNorm.weight",
    "cls.predictions.transform.LayerNorm.beta, cls.predictions.transform.LayerNorm.bias"
  })
  void otherSpellingsBecomeCanonical(String name, String canonical) {
    assertThat(canonical(name)).isEqualTo(canonical);
    assertThat(canonical(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert.encoder.layer.0.attention.self.query.weight",
        "classifier.weight",
        "cls.predictions.bias",
        "cls.predictions.decoder.weight",
        "roberta.encoder.layer.0.output.dense.bias",
        "layers.3.gamma",
        ""
      })
  void anyOtherNameStays(String name) {
    assertThat(canonical(name)).isEqualTo(name);
  }

  @Test
  void aSecondNameCountsWhereTheFirstIsMissing() {
    ParameterNames names = new BertFormat().names();
    String second = "cls.predictions.decoder.bias";

    assertThat(names.canonical(second, Set.of(second))).isEqualTo("cls.predictions.bias");
    assertThat(names.canonical(second, Set.of(second, "cls.predictions.bias"))).isEqualTo(second);
  }

  private static String canonical(String name) {
    return new BertFormat()
        .names()
        .canonical(name, Set.of("bert.embeddings.word_embeddings.weight", "cls.predictions.bias"));
  }
}
