package org.bertology.api.graph;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** "Did you mean": the known names that resemble a wrong one. */
public final class NearMisses {
  private static final int MOST = 3;

  private NearMisses() {}

  /**
   * The end of an error message: {@code "; did you mean 'a' or 'b'?"}, or the known names where
   * none is near and they are few, or nothing.
   */
  public static String hint(String wrong, Collection<String> known) {
    int reach = Math.max(2, wrong.length() / 3);
    List<String> near =
        known.stream()
            .filter(name -> distance(wrong, name) <= reach)
            .sorted(Comparator.comparingInt(name -> distance(wrong, name)))
            .limit(MOST)
            .toList();
    if (!near.isEmpty()) {
      return "; did you mean "
          + near.stream().map("'%s'"::formatted).collect(Collectors.joining(" or "))
          + "?";
    }
    return known.isEmpty() || known.size() > 12 ? "" : "; known: " + String.join(", ", known);
  }

  /** The least number of insertions, deletions and substitutions (Levenshtein, 1966). */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
