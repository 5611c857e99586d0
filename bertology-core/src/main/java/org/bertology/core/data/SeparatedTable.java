package org.bertology.core.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file of fields between separators, with or without a header. */
final class SeparatedTable implements Table {
  /** How one record is cut off the lines of a file. */
  interface Splitter {
    /** The fields of the record that starts with this line; may read on. */
    List<String> split(String line, DataFile file, Lines lines) throws IOException;
  }

  /**
   * Tabs separate, and every other character, quotation marks included, is text: GLUE files hold
   * unbalanced quotation marks.
   */
  static final Splitter TABS =
      (line, file, lines) -> List.of(Lines.withoutCarriageReturn(line).split("\t", -1));

  private final DataFile file;
  private final Lines lines;
  private final Splitter splitter;
  private final List<String> columns;
  private Optional<Row.Separated> pushedBack = Optional.empty();
  private long blankLines;

  SeparatedTable(DataFile file, Lines lines, Splitter splitter, Layout layout) throws IOException {
    this.file = file;
    this.lines = lines;
    this.splitter = splitter;
    Row.Separated first = read().orElseThrow(() -> file.wrong("is empty; expected examples"));
    if (layout.isHeader(first.fields())) {
      columns = first.fields();
    } else {
      columns = layout.columnsWithoutHeader(first.width());
      pushedBack = Optional.of(first);
    }
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Optional<Row> next() throws IOException {
    Optional<Row.Separated> row = pushedBack.isPresent() ? pushedBack : read();
    pushedBack = Optional.empty();
    return row.map(this::withoutEmptySurplus);
  }

  @Override
  public long blankLines() {
    return blankLines;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private Optional<Row.Separated> read() throws IOException {
    Optional<String> line = lines.next();
    while (line.isPresent()) {
      long number = lines.number();
      Row.Separated row = new Row.Separated(number, splitter.split(line.get(), file, lines));
      if (!row.isBlank()) {
        return Optional.of(row);
      }
      blankLines++;
      line = lines.next();
    }
    return Optional.empty();
  }

  /** Spreadsheets leave empty fields at the ends of lines. */
  private Row withoutEmptySurplus(Row.Separated row) {
    int width = row.width();
    while (width > columns.size() && row.field(width - 1).isEmpty()) {
      width--;
    }
    return width == row.width()
        ? row
        : new Row.Separated(row.line(), new ArrayList<>(row.fields().subList(0, width)));
  }
}
