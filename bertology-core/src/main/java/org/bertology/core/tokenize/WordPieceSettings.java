package org.bertology.core.tokenize;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.core.ContentException;

/**
 * Everything that defines one BERT WordPiece tokenizer.
 *
 * @param source the file the vocabulary is from, for messages
 * @param pieces the vocabulary of the WordPiece model, without tokens added later
 * @param addedTokens tokens that are recognised in raw text, by id
 * @param special tokens that are marks rather than text, beside the five below; the vocabulary need
 *     not have them
 * @param longestWord in code points; longer words are unknown
 * @param mask the token that hides a word, if the vocabulary has it
 */
record WordPieceSettings(
    String source,
    Map<String, Integer> pieces,
    Map<String, Integer> addedTokens,
    Set<String> special,
    TextNormalizer normalizer,
    String continuationPrefix,
    int longestWord,
    String unknown,
    String start,
    String separator,
    String pad,
    String mask) {

  WordPieceSettings {
    pieces = Map.copyOf(pieces);
    addedTokens = withSpecial(pieces, addedTokens, unknown, start, separator, pad);
    special = Set.copyOf(special);
    if (pieces.isEmpty()) {
      throw new ContentException(source + " is empty; expected the vocabulary, one token a line");
    }
    for (String token : new String[] {unknown, start, separator, pad}) {
      if (!addedTokens.containsKey(token)) {
        throw new ContentException(
            ("%s has no token %s; a BERT vocabulary needs the unknown, start, separator and padding"
                    + " tokens (here %s, %s, %s and %s)")
                .formatted(source, token, unknown, start, separator, pad));
      }
    }
  }

  private static Map<String, Integer> withSpecial(
      Map<String, Integer> pieces, Map<String, Integer> added, String... special) {
    Map<String, Integer> all = new HashMap<>(added);
    Stream.of(special)
        .filter(pieces::containsKey)
        .forEach(token -> all.putIfAbsent(token, pieces.get(token)));
    return Map.copyOf(all);
  }

  Vocabulary vocabulary() {
    return new Vocabulary(pieces).with(addedTokens);
  }

  int id(String specialToken) {
    return Objects.requireNonNull(addedTokens.get(specialToken), specialToken);
  }

  SpecialTokens specialTokens() {
    return SpecialTokens.of(
        vocabulary(),
        id(pad),
        Stream.of(mask),
        Stream.concat(special.stream(), Stream.of(unknown, start, separator, pad)));
  }

  /** Whether a lower-cased text could never reach some piece, bracketed tokens left aside. */
  static boolean cased(Iterable<String> pieces) {
    for (String piece : pieces) {
      if (!piece.startsWith("[") && !piece.equals(piece.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }
}
