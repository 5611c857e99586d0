package org.bertology.api.model;

/**
 * Which tokens an attention sees: those that are not to the right, and those of a prefix.
 *
 * @param kind of the pattern
 * @param tokens of the prefix; 0 unless the kind is {@link Kind#PREFIX}
 */
public record AttentionPattern(Kind kind, int tokens) {
  /** Every token sees every token. */
  public static final AttentionPattern FULL = new AttentionPattern(Kind.FULL, 0);

  /** A token sees itself and those to its left. */
  public static final AttentionPattern LEFT_TO_RIGHT = new AttentionPattern(Kind.LEFT_TO_RIGHT, 0);

  /**
   * The first segment sees itself, the second one sees the first and what is to the left (Dong et
   * al., 2019, UniLM).
   */
  public static final AttentionPattern SEQUENCE_TO_SEQUENCE =
      new AttentionPattern(Kind.SEQUENCE_TO_SEQUENCE, 0);

  /** What everyone sees. */
  public enum Kind {
    /** The whole sequence. */
    FULL("full"),
    /** Nothing. */
    LEFT_TO_RIGHT("left-to-right"),
    /** A number of tokens. */
    PREFIX("prefix"),
    /** The tokens of type 0. */
    SEQUENCE_TO_SEQUENCE("sequence-to-sequence");

    private final String key;

    Kind(String key) {
      this.key = key;
    }
  }

  public AttentionPattern {
    if (tokens < 0 || (tokens > 0 && kind != Kind.PREFIX)) {
      throw new IllegalArgumentException("%s has no prefix of %d tokens".formatted(kind, tokens));
    }
  }

  /** The first tokens see each other, the others see them and what is to the left. */
  public static AttentionPattern prefix(int tokens) {
    return new AttentionPattern(Kind.PREFIX, tokens);
  }

  /**
   * The pattern that a {@linkplain #text text} stands for.
   *
   * @throws IllegalArgumentException if it stands for none
   */
  public static AttentionPattern parse(String text) {
    for (AttentionPattern pattern :
        new AttentionPattern[] {FULL, LEFT_TO_RIGHT, SEQUENCE_TO_SEQUENCE}) {
      if (pattern.text().equals(text)) {
        return pattern;
      }
    }
    if (text.matches("prefix:[0-9]{1,9}")) {
      return prefix(Integer.parseInt(text.substring("prefix:".length())));
    }
    throw new IllegalArgumentException(
        "unknown attention '%s'; expected full, left-to-right, prefix:N with a number of tokens, or sequence-to-sequence"
            .formatted(text));
  }

  /**
   * {@code full}, {@code left-to-right}, {@code prefix:N} or {@code sequence-to-sequence}: the name
   * in commands and files.
   */
  public String text() {
    return kind == Kind.PREFIX ? kind.key + ":" + tokens : kind.key;
  }

  /** Whether what is seen depends on who looks. */
  public boolean isPerQuery() {
    return kind != Kind.FULL;
  }

  /**
   * Whether a token sees another one of its example.
   *
   * @param type token type of what is seen, 0 in the first segment
   */
  boolean sees(int query, int key, int type) {
    return key <= query
        || switch (kind) {
          case FULL -> true;
          case LEFT_TO_RIGHT -> false;
          case PREFIX -> key < tokens;
          case SEQUENCE_TO_SEQUENCE -> type == 0;
        };
  }
}
