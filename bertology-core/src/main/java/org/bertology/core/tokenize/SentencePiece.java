package org.bertology.core.tokenize;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageReader;

/**
 * One piece of a SentencePiece vocabulary.
 *
 * @param text with {@code ▁} for a space
 * @param score log probability, or of a BPE minus the position of its merge
 */
record SentencePiece(String text, float score, Kind kind) {

  /** The {@code Type} of {@code sentencepiece_model.proto}, its numbers counted from 1. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    static Kind of(String source, long number) {
      if (number < 1 || number > values().length) {
        throw new ContentException(
            "%s has the type %d, expected 1 to %d; fetch the file again"
                .formatted(source, number, values().length));
      }
      return values()[(int) number - 1];
    }
  }

  /** A piece that no text is cut into. */
  static SentencePiece mark(String text) {
    return new SentencePiece(text, 0, Kind.CONTROL);
  }

  static SentencePiece read(MessageReader message) {
    String text = "";
    float score = 0;
    Kind kind = Kind.NORMAL;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> text = message.text();
        case 2 -> score = Float.intBitsToFloat(message.fixed32());
        case 3 -> kind = Kind.of(message.source(), message.number());
        default -> {}
      }
    }
    if (text.isEmpty() || !Float.isFinite(score)) {
      throw new ContentException(
          "%s has the text '%s' and the score %s, expected some text and a finite score; fetch the file again"
              .formatted(message.source(), text, score));
    }
    return new SentencePiece(text, score, kind);
  }

  static void requireDistinct(Object source, List<SentencePiece> pieces) {
    Set<String> texts = new HashSet<>();
    for (SentencePiece piece : pieces) {
      if (!texts.add(piece.text())) {
        throw new ContentException(
            "%s has the piece '%s' twice; fetch the file again".formatted(source, piece.text()));
      }
    }
  }

  /** The same piece, less likely. */
  SentencePiece minus(float amount) {
    return new SentencePiece(text, score - amount, kind);
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** Whether it is a number's digit with a comma, as {@code 9,} or {@code ▁1980,}. */
  boolean digitAndComma() {
    return text.length() > 1
        && text.endsWith(",")
        && Character.isDigit(text.codePointBefore(text.length() - 1));
  }
}
