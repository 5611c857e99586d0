package org.bertology.core.tokenize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The greedy WordPiece model: a word becomes its longest prefix in the vocabulary, then the longest
 * continuation and so on; a word that cannot be covered, or is too long, is one unknown token.
 */
final class WordPiece {

  private final Map<String, Integer> initial;
  private final Map<String, Integer> continuing = new HashMap<>();
  private final int longestInitial;
  private final int longestContinuing;
  private final int unknownId;
  private final int longestWord;

  /**
   * @param continuationPrefix what marks pieces within a word in the vocabulary, {@code ##}
   * @param longestWord in code points
   */
  WordPiece(Map<String, Integer> ids, String continuationPrefix, int unknownId, int longestWord) {
    this.initial = Map.copyOf(ids);
    ids.forEach(
        (piece, id) -> {
          if (piece.startsWith(continuationPrefix)) {
            continuing.put(piece.substring(continuationPrefix.length()), id);
          }
        });
    this.longestInitial = longest(initial);
    this.longestContinuing = longest(continuing);
    this.unknownId = unknownId;
    this.longestWord = longestWord;
  }

  private static int longest(Map<String, Integer> pieces) {
    return pieces.keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  /** The tokens of the word at {@code [from, to)} of {@code text}. */
  List<Token> tokens(NormalizedText text, int from, int to, int segment, int wordId) {
    if (text.codePoints(from, to) > longestWord) {
      return List.of(token(unknownId, text, from, to, segment, wordId));
    }
    List<Token> tokens = new ArrayList<>();
    for (int at = from; at < to; ) {
      int end = longestMatch(text, from, at, to);
      if (end == at) {
        return List.of(token(unknownId, text, from, to, segment, wordId));
      }
      int id = Objects.requireNonNull(pieces(from, at).get(text.substring(at, end)));
      tokens.add(token(id, text, at, end, segment, wordId));
      at = end;
    }
    return tokens;
  }

  /** The end of the longest piece that starts at {@code at}, or {@code at} if there is none. */
  private int longestMatch(NormalizedText text, int word, int at, int to) {
    Map<String, Integer> pieces = pieces(word, at);
    int longest = at == word ? longestInitial : longestContinuing;
    int end = Math.min(to, at + longest);
    while (end > at && !pieces.containsKey(text.substring(at, end))) {
      end--;
    }
    return end;
  }

  private Map<String, Integer> pieces(int word, int at) {
    return at == word ? initial : continuing;
  }

  private static Token token(
      int id, NormalizedText text, int from, int to, int segment, int wordId) {
    return new Token(id, segment, segment, text.origin(from), text.origin(to - 1) + 1, wordId);
  }
}
