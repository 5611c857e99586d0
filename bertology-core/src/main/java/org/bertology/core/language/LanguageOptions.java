package org.bertology.core.language;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How texts become examples of a language model.
 *
 * @param stride tokens from the start of one window of plain text to that of the next, for a model
 *     that predicts the next token; if absent, half of a window
 * @param masking what a masked language model has to find; if absent, {@link Masking#USUAL}
 * @param seed of what is drawn
 */
public record LanguageOptions(OptionalInt stride, Optional<Masking> masking, long seed) {
  private static final long USUAL_SEED = 42;

  public LanguageOptions {
    if (stride.isPresent() && stride.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "the stride must be at least 1 token, got " + stride.getAsInt());
    }
  }

  /** Nothing asked for; seed 42. */
  public static LanguageOptions defaults() {
    return new LanguageOptions(OptionalInt.empty(), Optional.empty(), USUAL_SEED);
  }

  public LanguageOptions withStride(int changed) {
    return new LanguageOptions(OptionalInt.of(changed), masking, seed);
  }

  public LanguageOptions withMasking(Masking changed) {
    return new LanguageOptions(stride, Optional.of(changed), seed);
  }

  public LanguageOptions withSeed(long changed) {
    return new LanguageOptions(stride, masking, changed);
  }
}
