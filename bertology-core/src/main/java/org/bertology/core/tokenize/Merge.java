package org.bertology.core.tokenize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bertology.core.tokenize.SentencePiece.Kind;

/** Two neighbouring pieces that a byte-pair encoding makes one. */
record Merge(String left, String right) {

  /**
   * All merges that lead to pieces of a SentencePiece model, which lists none: every way to cut a
   * piece into two others, in the order of the pieces' scores.
   */
  static List<Merge> leadingTo(List<SentencePiece> pieces) {
    Set<String> texts = new HashSet<>();
    pieces.forEach(piece -> texts.add(piece.text()));
    List<Merge> merges = new ArrayList<>();
    pieces.stream()
        .filter(piece -> piece.is(Kind.NORMAL) || piece.is(Kind.UNUSED))
        .sorted(Comparator.comparingDouble(piece -> -piece.score()))
        .forEach(piece -> addMerges(piece.text(), texts, merges));
    return merges;
  }

  /** Of one piece's merges that with the longest first part comes first. */
  private static void addMerges(String piece, Set<String> texts, List<Merge> merges) {
    int at = piece.length();
    while (at > 0) {
      at = piece.offsetByCodePoints(at, -1);
      if (texts.contains(piece.substring(0, at)) && texts.contains(piece.substring(at))) {
        merges.add(new Merge(piece.substring(0, at), piece.substring(at)));
      }
    }
  }
}
