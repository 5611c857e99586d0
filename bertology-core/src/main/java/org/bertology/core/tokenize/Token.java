package org.bertology.core.tokenize;

/**
 * One token of an {@link Encoding} and the stretch of text it stands for.
 *
 * <p>Offsets count <em>Unicode code points</em>, not Java's UTF-16 units, as the Hugging Face
 * libraries do: after an emoji they are smaller than {@link String#substring(int)} would need. Use
 * {@link #in(String)} to cut text.
 *
 * @param id position in the vocabulary
 * @param typeId the token type (segment embedding), 0 or 1; for models that have token types
 * @param segment 0 for the first text, 1 for the second, −1 for a special token that the tokenizer
 *     added; a special token that is written in the text belongs to the text
 * @param start first code point in the segment's text (in the word, where words were encoded); 0
 *     for an added special token
 * @param end code point after the last; 0 for an added special token
 * @param wordId index of the word in the segment, −1 for an added special token. Of encoded words
 *     it is the index in the list; of a text, words are what the tokenizer splits before it looks
 *     at the vocabulary, for BERT at spaces and around each punctuation mark
 */
public record Token(int id, int typeId, int segment, int start, int end, int wordId) {

  /** The segment and word of a special token that the tokenizer added. */
  static final int NONE = -1;

  public Token {
    if (id < 0 || start < 0 || end < start) {
      throw new IllegalArgumentException(
          "token %d at [%d, %d): id and offsets must not be negative, nor the end before the start"
              .formatted(id, start, end));
    }
  }

  static Token special(int id, int typeId) {
    return new Token(id, typeId, NONE, 0, 0, NONE);
  }

  Token withWordId(int word) {
    return new Token(id, typeId, segment, start, end, word);
  }

  /** Whether the tokenizer added this token, as {@code [CLS]} and {@code [SEP]}. */
  public boolean special() {
    return segment == NONE;
  }

  /**
   * The token's stretch of {@code text}, which must be the text (or word) it was made from; empty
   * for an added special token.
   */
  public String in(String text) {
    int from = text.offsetByCodePoints(0, start);
    return text.substring(from, text.offsetByCodePoints(from, end - start));
  }
}
