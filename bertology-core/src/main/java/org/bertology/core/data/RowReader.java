package org.bertology.core.data;

import static org.bertology.core.data.Layout.Selection.ABSENT;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bertology.core.data.Layout.Selection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of a table, one in each record. */
final class RowReader implements ExampleReader {
  private static final Logger LOG = LoggerFactory.getLogger(Examples.class);

  private final DataFile file;
  private final Table table;
  private final Selection selection;
  private final boolean skipsUnevenLines;
  private final Labels labels;
  private long uneven;

  private RowReader(
      DataFile file, Table table, Selection selection, boolean skipsUnevenLines, Labels labels) {
    this.file = file;
    this.table = table;
    this.selection = selection;
    this.skipsUnevenLines = skipsUnevenLines;
    this.labels = labels;
  }

  static RowReader open(DataFile file, Lines lines, Layout layout, Labels labels, LabelUse labelUse)
      throws IOException {
    Table table = table(file, lines, layout);
    Selection found = layout.select(file, table.columns());
    Selection selection = labelUse == LabelUse.IGNORED ? found.withoutLabel() : found;
    if (labelUse == LabelUse.REQUIRED && selection.label() == ABSENT) {
      throw file.wrong(
          "has no labels, which are needed here; its columns: " + DataFile.listed(table.columns()));
    }
    requireUnambiguous(file, table.columns(), selection);
    return new RowReader(file, table, selection, layout.skipsUnevenLines(), labels);
  }

  private static Table table(DataFile file, Lines lines, Layout layout) throws IOException {
    return switch (file.format()) {
      case TAB_SEPARATED -> new SeparatedTable(file, lines, SeparatedTable.TABS, layout);
      case COMMA_SEPARATED -> new SeparatedTable(file, lines, new QuotedCommas(), layout);
      case JSON_LINES -> new JsonLinesTable(file, lines);
      case CONLLU, CONLL, TEXT ->
          throw new IllegalStateException("a file of words or plain text is no table");
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

  @Override
  public List<String> columns() {
    return table.columns();
  }

  @Override
  public String textColumn() {
    return table.columns().get(selection.text());
  }

  @Override
  public Optional<String> pairColumn() {
    return columnAt(selection.pair());
  }

  @Override
  public Optional<String> labelColumn() {
    return columnAt(selection.label());
  }

  private Optional<String> columnAt(int index) {
    return index == ABSENT ? Optional.empty() : Optional.of(table.columns().get(index));
  }

  /**
   * Blank lines and, in QQP, whose texts hold unescaped line breaks, those with a wrong number of
   * columns.
   */
  @Override
  public long skipped() {
    return uneven + table.blankLines();
  }

  @Override
  public Optional<Example> next() throws IOException {
    Optional<Row> row = table.next();
    while (row.isPresent() && !isEven(row.get())) {
      uneven++;
      row = table.next();
    }
    return row.map(this::example);
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
              "expected %d columns (%s), found %d",
              expected, DataFile.listed(table.columns()), row.width()));
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

  /** Closes the file, and logs a warning if lines were skipped. */
  @Override
  public void close() throws IOException {
    if (skipped() > 0) {
      LOG.warn("{}: skipped {} uneven and {} blank lines", file.path(), uneven, table.blankLines());
    }
    table.close();
  }
}
