package org.bertology.core.tokenize;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The tokens of a text or of a pair of texts in model order, special tokens included, padding not.
 *
 * @param truncated whether tokens of the text were cut off to respect the maximum length
 */
public record Encoding(List<Token> tokens, boolean truncated) {

  public Encoding {
    tokens = List.copyOf(tokens);
  }

  public int length() {
    return tokens.size();
  }

  /** {@code [length]} positions in the vocabulary; a fresh array. */
  public int[] ids() {
    return column(Token::id);
  }

  /** {@code [length]} token types, 0 or 1; a fresh array. */
  public int[] typeIds() {
    return column(Token::typeId);
  }

  /** {@code [length]} word indices, −1 for added special tokens; a fresh array. */
  public int[] wordIds() {
    return column(Token::wordId);
  }

  private int[] column(ToIntFunction<Token> part) {
    return tokens.stream().mapToInt(part).toArray();
  }
}
