package org.bertology.core.tokenize;

import java.util.Arrays;

/** Normalised text that knows which code point of the original each of its characters is from. */
final class NormalizedText {

  private final StringBuilder characters;
  private int[] origins;

  NormalizedText(int expectedLength) {
    characters = new StringBuilder(expectedLength);
    origins = new int[Math.max(expectedLength, 16)];
  }

  void append(int codePoint, int origin) {
    int from = characters.length();
    characters.appendCodePoint(codePoint);
    if (characters.length() > origins.length) {
      origins = Arrays.copyOf(origins, 2 * characters.length());
    }
    Arrays.fill(origins, from, characters.length(), origin);
  }

  /** In UTF-16 units, as all positions here. */
  int length() {
    return characters.length();
  }

  int codePointAt(int position) {
    return characters.codePointAt(position);
  }

  int codePoints(int from, int to) {
    return characters.codePointCount(from, to);
  }

  String substring(int from, int to) {
    return characters.substring(from, to);
  }

  /** The original's code point that the character at {@code position} is from. */
  int origin(int position) {
    return origins[position];
  }
}
