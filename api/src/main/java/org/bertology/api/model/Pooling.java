package org.bertology.api.model;

import java.util.Arrays;
import java.util.List;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * How a text's states become its embedding (Reimers and Gurevych, 2019, Sentence-BERT). B batch, S
 * texts in a row, T sequence, W hidden width.
 */
public enum Pooling {
  /** The mean over its tokens, special ones included. */
  MEAN("mean"),
  /** The state of its first token. */
  CLS("cls"),
  /** Of each unit the largest value over its tokens, special ones included. */
  MAX("max");

  private final String key;

  Pooling(String key) {
    this.key = key;
  }

  /**
   * The pooling that a {@linkplain #text text} stands for.
   *
   * @throws IllegalArgumentException if it stands for none
   */
  public static Pooling parse(String text) {
    return Arrays.stream(values())
        .filter(pooling -> pooling.key.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown pooling '%s'; expected one of %s"
                        .formatted(text, String.join(", ", texts()))));
  }

  /** {@code mean}, {@code cls} or {@code max}: the name in commands and files. */
  public String text() {
    return key;
  }

  /** The names of all. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Pooling::text).toList();
  }

  /**
   * What {@link ModelInputs#SENTENCES} has for one text of a row.
   *
   * @param row is filled from {@code start}, an entry for each of {@code length} tokens
   * @param first token of the text in the row
   * @param end the token after its last one; {@code first} if there is no such text
   */
  void fill(double[] row, int start, int length, int first, int end) {
    Arrays.fill(row, start, start + length, this == MAX ? ModelInputs.HIDDEN : 0);
    switch (this) {
      case MEAN -> Arrays.fill(row, start + first, start + end, 1.0 / (end - first));
      case CLS -> Arrays.fill(row, start + first, start + Math.min(first + 1, end), 1);
      case MAX -> Arrays.fill(row, start + first, start + end, 0);
    }
  }

  /**
   * The embeddings of texts {@code [B, S, W]}.
   *
   * @param states {@code [B, T, W]}
   * @param sentences {@code [B, S, T]}, see {@link #fill}
   */
  Value of(Value states, Value sentences) {
    return switch (this) {
      case MEAN, CLS -> sentences.matmul(states);
      case MAX -> {
        Shape all = states.shape();
        Value rows = states.reshape(Shape.of(all.dim(0), 1, all.dim(1), all.dim(2)));
        yield rows.add(sentences.reshape(sentences.shape().append(1))).max(2).squeeze(2);
      }
    };
  }
}
