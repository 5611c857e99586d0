package org.bertology.core.data;

import java.util.List;

/** One record of a data file: its fields in the order of the file's columns. */
interface Row {
  /** The line on which the record starts, from 1. */
  long line();

  int width();

  /** The text in the column with that index. */
  String field(int column);

  /** A record of a file whose lines are cut into fields. */
  record Separated(long line, List<String> fields) implements Row {
    @Override
    public int width() {
      return fields.size();
    }

    @Override
    public String field(int column) {
      return fields.get(column);
    }

    boolean isBlank() {
      return fields.size() == 1 && fields.get(0).isEmpty();
    }
  }
}
