package org.bertology.core.data;

import static org.bertology.core.data.Layout.Selection.ABSENT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.bertology.core.data.Layout.Selection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The examples of an open data file in its order, each read when it is asked for.
 *
 * <p>{@link #next} throws {@link org.bertology.core.ContentException} with the line number where
 * the content is wrong. Not thread-safe.
 */
public final class Examples implements Iterator<Example>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Examples.class);

  private final DataFile file;
  private final Table table;
  private final Selection selection;
  private final boolean skipsUnevenLines;
  private final Labels labels;
  private final long limit;
  private Optional<Example> next = Optional.empty();
  private long read;
  private long uneven;
  private boolean exhausted;

  private Examples(
      DataFile file,
      Table table,
      Selection selection,
      boolean skipsUnevenLines,
      Labels labels,
      long limit) {
    this.file = file;
    this.table = table;
    this.selection = selection;
    this.skipsUnevenLines = skipsUnevenLines;
    this.labels = labels;
    this.limit = limit;
  }

  static Examples open(DataFile file, Layout layout, Labels labels, long limit, LabelUse labelUse)
      throws IOException {
    Lines lines = new Lines(file, Files.newInputStream(file.path()));
    try {
      Table table = table(file, lines, layout);
      Selection found = layout.select(file, table.columns());
      Selection selection = labelUse == LabelUse.IGNORED ? found.withoutLabel() : found;
      if (labelUse == LabelUse.REQUIRED && selection.label() == ABSENT) {
        throw file.wrong("has no labels, which are needed here; its columns: " + columnList(table));
      }
      requireUnambiguous(file, table.columns(), selection);
      Examples examples =
          new Examples(file, table, selection, layout.skipsUnevenLines(), labels, limit);
      if (!examples.hasNext()) {
        throw file.wrong(
            String.format(
                "holds no examples; its columns: %s; %d lines were skipped",
                columnList(table), examples.skipped()));
      }
      return examples;
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private static Table table(DataFile file, Lines lines, Layout layout) throws IOException {
    return switch (file.format()) {
      case TAB_SEPARATED -> new SeparatedTable(file, lines, SeparatedTable.TABS, layout);
      case COMMA_SEPARATED -> new SeparatedTable(file, lines, new QuotedCommas(), layout);
      case JSON_LINES -> new JsonLinesTable(file, lines);
    };
  }

  /** Where two columns have the name of one that is read, nobody can tell which is meant. */
  private static void requireUnambiguous(DataFile file, List<String> columns, Selection selection) {
    for (int index : List.of(selection.text(), selection.pair(), selection.label())) {
      if (index != ABSENT && Collections.frequency(columns, columns.get(index)) > 1) {
        throw file.wrong(
            String.format(
                "has more than one column '%s'; its columns: %s; rename all but one",
                columns.get(index), DataFile.listed(columns)));
      }
    }
  }

  private static String columnList(Table table) {
    return DataFile.listed(table.columns());
  }

  /** Whether the file has a column of labels. */
  public boolean haveLabels() {
    return selection.label() != ABSENT;
  }

  /** The column that the text is read from. */
  public String textColumn() {
    return table.columns().get(selection.text());
  }

  /** The column that the second text is read from, if each example is a pair. */
  public Optional<String> pairColumn() {
    return columnAt(selection.pair());
  }

  /** The column that labels are read from, if the file has them. */
  public Optional<String> labelColumn() {
    return columnAt(selection.label());
  }

  private Optional<String> columnAt(int index) {
    return index == ABSENT ? Optional.empty() : Optional.of(table.columns().get(index));
  }

  /** The columns of the file, in its order. */
  public List<String> columns() {
    return table.columns();
  }

  /**
   * How many lines have been passed over so far: blank ones, and in QQP, whose texts hold unescaped
   * line breaks, those with a wrong number of columns. {@link #close} warns of them.
   */
  long skipped() {
    return uneven + table.blankLines();
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty() && read < limit && !exhausted) {
      next = readNext();
      exhausted = next.isEmpty();
    }
    return next.isPresent();
  }

  @Override
  public Example next() {
    if (!hasNext()) {
      throw new NoSuchElementException("data file '" + file.path() + "' holds no further example");
    }
    Example example = next.orElseThrow();
    next = Optional.empty();
    read++;
    return example;
  }

  /** Closes the file, and logs a warning if lines were skipped. */
  @Override
  public void close() {
    warnOfSkipped();
    try {
      table.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Optional<Example> readNext() {
    try {
      Optional<Row> row = table.next();
      while (row.isPresent() && !isEven(row.get())) {
        uneven++;
        row = table.next();
      }
      return row.map(this::example);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Whether the row has as many fields as there are columns, or may at least be read without them.
   */
  private boolean isEven(Row row) {
    int expected = table.columns().size();
    if (row.width() <= expected && row.width() > selection.last()) {
      return true;
    }
    if (!skipsUnevenLines) {
      throw file.wrongAt(
          row.line(),
          String.format(
              "expected %d columns (%s), found %d", expected, columnList(table), row.width()));
    }
    return false;
  }

  private Example example(Row row) {
    String name = selection.id() == ABSENT ? Long.toString(row.line()) : row.field(selection.id());
    return new Example(
        file.stem() + "-" + name,
        row.line(),
        row.field(selection.text()),
        field(row, selection.pair()),
        field(row, selection.label()).map(text -> label(row, text.strip())));
  }

  private static Optional<String> field(Row row, int column) {
    return column == ABSENT ? Optional.empty() : Optional.of(row.field(column));
  }

  private Label label(Row row, String text) {
    return labels
        .parse(text)
        .orElseThrow(
            () ->
                file.wrongAt(
                    row.line(),
                    String.format(
                        "unknown label '%s' in column '%s'; expected %s",
                        text, table.columns().get(selection.label()), labels.expected())));
  }

  private void warnOfSkipped() {
    if (skipped() > 0) {
      LOG.warn("{}: skipped {} uneven and {} blank lines", file.path(), uneven, table.blankLines());
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("data file '" + file.path() + "' cannot be read", e);
  }
}
