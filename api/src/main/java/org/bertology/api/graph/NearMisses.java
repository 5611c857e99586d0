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
    int reach = Math.max(3, wrong.length() / 2);
    int best = known.stream().mapToInt(name -> distance(wrong, name)).min().orElse(reach + 1);
    List<String> near =
        known.stream()
            .filter(name -> distance(wrong, name) <= Math.min(reach, best + 1))
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

  /**
   * The least cost of edits (Levenshtein, 1966) that turn a wrong name into a known one. A letter
   * to put in costs 1 and one to take out 2, so that abbreviations are near what they stand for.
   */
  private static int distance(String wrong, String known) {
    int[] row = new int[known.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wrong.length(); i++) {
      int diagonal = row[0];
      row[0] = 2 * i;
      for (int j = 1; j < row.length; j++) {
        int exchanged = diagonal + (wrong.charAt(i - 1) == known.charAt(j - 1) ? 0 : 3);
        diagonal = row[j];
        row[j] = Math.min(exchanged, Math.min(row[j] + 2, row[j - 1] + 1));
      }
    }
    return row[known.length()];
  }
}
