package org.bertology.core.tokenize;

import java.util.Arrays;
import java.util.List;

/** Where words lie, in code points, in the text they make when joined by single spaces. */
final class WordPositions {

  private final int[] starts;

  private WordPositions(int[] starts) {
    this.starts = starts;
  }

  static WordPositions of(List<String> words) {
    int[] starts = new int[words.size()];
    int at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += words.get(i).codePointCount(0, words.get(i).length()) + 1;
    }
    return new WordPositions(starts);
  }

  /**
   * The token with the index of its word and offsets within it; a space belongs to what follows.
   */
  Token within(Token token) {
    if (token.special()) {
      return token;
    }
    int word = wordAt(token.end());
    int start = Math.max(0, token.start() - starts[word]);
    int end = Math.max(start, token.end() - starts[word]);
    return new Token(token.id(), token.typeId(), token.segment(), start, end, word);
  }

  /**
   * The word that the code point before {@code end} is in. A token that is only the space before a
   * word ends exactly at that word's start.
   */
  private int wordAt(int end) {
    int found = Arrays.binarySearch(starts, end);
    return found >= 0 ? found : -found - 2;
  }
}
