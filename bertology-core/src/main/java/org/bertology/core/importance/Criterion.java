package org.bertology.core.importance;

import java.util.Locale;

/**
 * The published definitions of importance. With s the derivative of one example's objective with
 * respect to a mask at one token, N examples and T tokens (padding not counted):
 */
public enum Criterion {
  /** {@code (1/N) Σ_n |Σ_i s|}: Michel et al. (2019), equation 2. */
  GRADIENT,
  /**
   * {@code (1/T) Σ_n Σ_i |s|}, in the last layer of a model that reads only one token there {@code
   * (1/N) Σ_n Σ_i |s|}: the published code of Michel et al.
   */
  TOKEN_GRADIENT,
  /**
   * {@code (1/T) Σ_batches |(1/B) Σ_{n, i} s|}: what Hugging Face's script means to compute;
   * depends on the batch size B and on the order of the data.
   */
  BATCH_GRADIENT,
  /**
   * {@code (1/T) Σ_t |Σ_{batches up to t} (1/B) Σ_{n, i} s|}: what Hugging Face's script computes,
   * since it never clears its gradient; only for comparison.
   */
  HF_SCRIPT,
  /** {@code (1/N) Σ_n (Σ_i s)²}: the diagonal of the empirical Fisher information. */
  FISHER,
  /** {@code (1/N) Σ_n Σ_i s}: where negative, the loss falls as the mask rises. */
  SIGNED;

  /** The name in commands and results, such as {@code token-gradient}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the score is a function of examples alone, not of batches and their order. */
  boolean isOrderFree() {
    return this != BATCH_GRADIENT && this != HF_SCRIPT;
  }
}
