package org.bertology.core.data;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A file as one text. */
final class PlainTextReader implements ExampleReader {
  private static final String COLUMN = "text";

  /** Far beyond every test set; protects memory from a file that is only a mistake. */
  private static final int LONGEST = 1 << 28;

  private final DataFile file;
  private final Lines lines;
  private boolean read;

  private PlainTextReader(DataFile file, Lines lines) {
    this.file = file;
    this.lines = lines;
  }

  static PlainTextReader open(DataFile file, Lines lines, LabelUse use) {
    if (use == LabelUse.REQUIRED) {
      throw file.wrongUse(
          "is plain text, which has no labels; give it a file with a column of them");
    }
    return new PlainTextReader(file, lines);
  }

  @Override
  public Optional<Example> next() throws IOException {
    if (read) {
      return Optional.empty();
    }
    read = true;
    String text = text();
    return text.isBlank()
        ? Optional.empty()
        : Optional.of(new Example(file.stem(), 1, text, Optional.empty(), Optional.empty()));
  }

  private String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      text.append(line.get()).append(lines.end());
      if (text.length() > LONGEST) {
        throw file.wrong(
            "is longer than %,d characters; plain text is read as a whole, so split it"
                .formatted(LONGEST));
      }
    }
    return text.toString();
  }

  @Override
  public List<String> columns() {
    return List.of(COLUMN);
  }

  @Override
  public String textColumn() {
    return COLUMN;
  }

  @Override
  public Optional<String> pairColumn() {
    return Optional.empty();
  }

  @Override
  public Optional<String> labelColumn() {
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
