package org.bertology.core.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** An open data file as named columns and records, read one at a time. */
interface Table extends Closeable {
  List<String> columns();

  /** The next record that is not blank, or empty at the end of the file. */
  Optional<Row> next() throws IOException;

  /** How many blank lines have been passed over. */
  long blankLines();
}
