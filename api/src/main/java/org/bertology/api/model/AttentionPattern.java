package org.bertology.api.model;

import java.util.Arrays;

/**
 * Which tokens an attention sees: those of a prefix, and those that are not to the right.
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

  /** What the prefix is. */
  public enum Kind {
    /** The whole sequence. */
    FULL,
    /** Nothing. */
    LEFT_TO_RIGHT,
    /** A number of tokens. */
    PREFIX,
    /** The first segment. */
    SEQUENCE_TO_SEQUENCE
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

  /** Whether what is seen depends on who looks. */
  public boolean isPerQuery() {
    return kind != Kind.FULL;
  }

  /**
   * How many tokens of an example all others see.
   *
   * @param types token types of the example, 0 in the first segment
   */
  int prefix(int[] types) {
    return switch (kind) {
      case FULL -> types.length;
      case LEFT_TO_RIGHT -> 0;
      case PREFIX -> Math.min(tokens, types.length);
      case SEQUENCE_TO_SEQUENCE -> (int) Arrays.stream(types).takeWhile(type -> type == 0).count();
    };
  }
}
