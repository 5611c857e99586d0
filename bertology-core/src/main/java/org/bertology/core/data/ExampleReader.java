package org.bertology.core.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The examples of an open data file, read one at a time. */
interface ExampleReader extends Closeable {
  /** The next example, or empty at the end of the file. */
  Optional<Example> next() throws IOException;

  /** The columns of the file, in its order. */
  List<String> columns();

  String textColumn();

  Optional<String> pairColumn();

  /** The column of labels, if they are read. Known when the first example has been read. */
  Optional<String> labelColumn();

  /** How many lines that should hold an example have been passed over so far. */
  default long skipped() {
    return 0;
  }
}
