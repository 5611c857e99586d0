package org.bertology.api.model;

import java.util.function.IntBinaryOperator;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * Where a model's graph gets what depends on the batch besides token ids and types. B batch, T
 * sequence, U target sequence, W the width of the embeddings.
 */
interface EncoderInputs {
  /** The embeddings of all tokens' positions, {@code [B, T, W]} or {@code [T, W]}. */
  Value positions(Scope embeddings, int width);

  /**
   * What is added to scores: {@code [B, 1, 1, T (key)]}, or {@code [B, 1, T (query), T (key)]} if
   * the pattern of the attention depends on the query.
   */
  Value attentionBias();

  /** What hides padding and tokens to the right in a decoder {@code [B, 1, U (query), U (key)]}. */
  Value decoderBias();

  /** INT {@code [T (query), T (key)]}: a number for every pair of positions. */
  Value pairs(String name, Dim tokens, IntBinaryOperator number);

  /** FLOAT {@code [B, T]}: 1 at the last token of each example, 0 elsewhere. */
  Value lastTokens();

  /** Which tokens are pooled {@code [B, texts in a row, T]}, see {@link Pooling}. */
  Value sentences(Pooling pooling);

  /**
   * How far the key is to the right of the query, at most {@code farthest} and at least its
   * negative, counted from there: INT {@code [T (query), T (key)]} in {@code [0, 2 · farthest]}.
   */
  Value distances(int farthest);

  /**
   * The factors of a mask for a layer, with axes added for what they multiply.
   *
   * @param factors the shape of one batch's factors, such as {@code [B, heads]}
   * @param expanded the same with further axes of 1, such as {@code [B, heads, 1, 1]}
   */
  Value mask(Mask kind, int layer, Shape factors, Shape expanded);
}
