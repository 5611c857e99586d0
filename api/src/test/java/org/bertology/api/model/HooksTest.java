package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HooksTest {
  private final Locale usual = Locale.getDefault();

  @BeforeEach
  void countInArabicDigits() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
  }

  @AfterEach
  void restore() {
    Locale.setDefault(usual);
  }

  @Test
  void namesAreTheSameInEveryLanguage() {
    assertThat("%d".formatted(3)).isNotEqualTo("3");
    assertThat(Hooks.layer(3)).isEqualTo("layer.3");
    assertThat(Hooks.context(Hooks.layer(3))).isEqualTo("layer.3.attention.context");
    assertThat(Hooks.feedforwardPre(Hooks.layer(3))).isEqualTo("layer.3.feedforward.pre");
    assertThat(Hooks.gate(Mask.LAYERS, Hooks.layer(3))).isEqualTo("layer.3.gate");
  }
}
