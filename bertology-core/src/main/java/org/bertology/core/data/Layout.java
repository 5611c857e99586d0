package org.bertology.core.data;

import java.util.List;

/** What is known of a kind of data file before it is opened. */
interface Layout {
  /** Whether the first record names the columns. */
  boolean isHeader(List<String> firstRecord);

  /** The names of the columns of a file that does not name them. */
  List<String> columnsWithoutHeader(int width);

  /**
   * The columns to read among those of a file.
   *
   * @throws RuntimeException if the file does not have them; the message lists those it has
   */
  Selection select(DataFile file, List<String> columns);

  /** Whether lines with a wrong number of columns are passed over (and counted), not refused. */
  boolean skipsUnevenLines();

  /** Indices of the columns to read; {@link #ABSENT} where the file has no such column. */
  record Selection(int text, int pair, int label, int id) {
    static final int ABSENT = -1;

    Selection withoutLabel() {
      return new Selection(text, pair, ABSENT, id);
    }

    int last() {
      return Math.max(Math.max(text, pair), Math.max(label, id));
    }
  }
}
