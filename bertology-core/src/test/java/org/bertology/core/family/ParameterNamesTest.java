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

  @ParameterizedTest
  @CsvSource({
    "wte.weight, transformer.wte.weight",
    "h.11.attn.c_attn.weight, transformer.h.11.attn.c_attn.weight",
    "ln_f.bias, transformer.ln_f.bias",
    "lm_head.weight, transformer.wte.weight",
    "score.weight, score.weight"
  })
  void bareModelsOfGpt2OmitThePrefix(String name, String canonical) {
    assertThat(new Gpt2Format().names().canonical(name, Set.of(name))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h.0.attn.bias", "h.11.attn.masked_bias", "transformer.h.3.attn.bias"})
  void masksOfGpt2AreConstants(String name) {
    ParameterNames names = new Gpt2Format().names();

    assertThat(names.isConstant(names.canonical(name, Set.of(name)))).isTrue();
    assertThat(names.isConstant("transformer.h.0.attn.c_attn.bias")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h.0.attn.bias", "position_ids", "transformer.position_ids"})
  void masksAndPositionsOfGptAreConstants(String name) {
    ParameterNames names = new GptFormat().names();

    assertThat(names.isConstant(names.canonical(name, Set.of(name)))).isTrue();
  }

  private static String canonical(String name) {
    return new BertFormat()
        .names()
        .canonical(name, Set.of("bert.embeddings.word_embeddings.weight", "cls.predictions.bias"));
  }
}
