package org.bertology.core.tokenize;

/** How many tokens of a first and a second text remain when the longer one is cut first. */
record Truncation(int first, int second) {

  /**
   * Keeps everything if it fits; otherwise fills {@code room}. Where both must be cut, an odd place
   * goes to the longer text and, of equally long ones, to the second, as in Hugging Face's fast
   * tokenizers (their Python ones differ by that one place).
   */
  static Truncation longestFirst(int first, int second, int room) {
    if (first + second <= room) {
      return new Truncation(first, second);
    }
    int less = Math.min(Math.min(first, second), room / 2);
    int more = room - less;
    return first <= second ? new Truncation(less, more) : new Truncation(more, less);
  }

  /** The tokens left for text in {@code maxLength} beside the special ones, at least one. */
  static int room(int maxLength, int specialTokens) {
    int room = maxLength - specialTokens;
    if (room < 1) {
      throw new IllegalArgumentException(
          "a maximum length of %d leaves no room for text beside %d special tokens; give %d or more"
              .formatted(maxLength, specialTokens, specialTokens + 1));
    }
    return room;
  }
}
