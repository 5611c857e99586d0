package org.bertology.core.tokenize;

/** The classes of code points that BERT's text preparation tells apart. */
final class Characters {

  private static final int NEXT_LINE = 0x85;
  private static final int REPLACEMENT = 0xFFFD;

  private Characters() {}

  /** Unicode's {@code White_Space} property. */
  static boolean whitespace(int codePoint) {
    return codePoint >= '\t' && codePoint <= '\r'
        || codePoint == NEXT_LINE
        || Character.isSpaceChar(codePoint);
  }

  /** What cleaning drops: control, format and private-use characters, U+0000 and U+FFFD. */
  static boolean dropped(int codePoint) {
    if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
      return false;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> codePoint == REPLACEMENT;
    };
  }

  /** ASCII symbols count as punctuation too: {@code $ + < = > ^ ` | ~} are not in Unicode's. */
  static boolean punctuation(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint > ' ' && codePoint < 0x7F && !Character.isLetterOrDigit(codePoint);
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /**
   * The blocks of Chinese characters as BERT lists them; kana and Hangul are words as usual.
   * Hugging Face's fast tokenizers let one block begin at U+2B920 instead of U+2B820, against
   * BERT's list.
   */
  static boolean chinese(int codePoint) {
    return between(codePoint, 0x4E00, 0x9FFF)
        || between(codePoint, 0x3400, 0x4DBF)
        || between(codePoint, 0x20000, 0x2A6DF)
        || between(codePoint, 0x2A700, 0x2B73F)
        || between(codePoint, 0x2B740, 0x2B81F)
        || between(codePoint, 0x2B820, 0x2CEAF)
        || between(codePoint, 0xF900, 0xFAFF)
        || between(codePoint, 0x2F800, 0x2FA1F);
  }

  private static boolean between(int codePoint, int first, int last) {
    return codePoint >= first && codePoint <= last;
  }
}
