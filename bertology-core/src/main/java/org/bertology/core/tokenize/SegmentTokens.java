package org.bertology.core.tokenize;

import java.util.ArrayList;
import java.util.List;

/** Collects the tokens of one text from its stretches, from left to right. */
final class SegmentTokens {

  private final TextNormalizer normalizer;
  private final WordPiece wordPiece;
  private final int segment;
  private final List<Token> tokens = new ArrayList<>();
  private int codePoints;
  private int words;

  SegmentTokens(TextNormalizer normalizer, WordPiece wordPiece, int segment) {
    this.normalizer = normalizer;
    this.wordPiece = wordPiece;
    this.segment = segment;
  }

  List<Token> list() {
    return tokens;
  }

  void added(String token, int id) {
    int start = codePoints;
    codePoints += token.codePointCount(0, token.length());
    tokens.add(new Token(id, segment, segment, start, codePoints, words++));
  }

  void text(String text) {
    NormalizedText normalized = normalizer.normalize(text, codePoints);
    codePoints += text.codePointCount(0, text.length());
    int word = 0;
    for (int i = 0; i < normalized.length(); ) {
      int codePoint = normalized.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      boolean punctuation = Characters.punctuation(codePoint);
      if (punctuation || Characters.whitespace(codePoint)) {
        word(normalized, word, i);
        word = next;
      }
      if (punctuation) {
        word(normalized, i, next);
      }
      i = next;
    }
    word(normalized, word, normalized.length());
  }

  private void word(NormalizedText text, int from, int to) {
    if (from < to) {
      tokens.addAll(wordPiece.tokens(text, from, to, segment, words++));
    }
  }
}
