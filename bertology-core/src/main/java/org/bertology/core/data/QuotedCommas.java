package org.bertology.core.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commas separate; a field in quotation marks may hold commas, line breaks and doubled quotation
 * marks (RFC 4180).
 */
final class QuotedCommas implements SeparatedTable.Splitter {
  @Override
  public List<String> split(String line, DataFile file, Lines lines) throws IOException {
    return new Scan(line, file, lines).fields();
  }

  /** One record being cut; the text grows by a line where a quoted field holds a line break. */
  private static final class Scan {
    private final DataFile file;
    private final Lines lines;
    private final long firstLine;
    private String text;
    private int position;

    Scan(String line, DataFile file, Lines lines) {
      this.file = file;
      this.lines = lines;
      firstLine = lines.number();
      text = line;
    }

    List<String> fields() throws IOException {
      List<String> fields = new ArrayList<>();
      fields.add(field());
      while (position < text.length() && text.charAt(position) == ',') {
        position++;
        fields.add(field());
      }
      return List.copyOf(fields);
    }

    private String field() throws IOException {
      boolean quoted = position < text.length() && text.charAt(position) == '"';
      return quoted ? quotedField() : plainField();
    }

    private String plainField() {
      int comma = text.indexOf(',', position);
      boolean last = comma < 0;
      String field = text.substring(position, last ? text.length() : comma);
      position += field.length();
      return last ? Lines.withoutCarriageReturn(field) : field;
    }

    private String quotedField() throws IOException {
      StringBuilder field = new StringBuilder();
      position++;
      while (true) {
        int quote = text.indexOf('"', position);
        if (quote < 0) {
          field.append(text, position, text.length()).append('\n');
          readOn();
        } else {
          field.append(text, position, quote);
          position = quote + 1;
          if (position == text.length() || text.charAt(position) != '"') {
            requireEndOfField();
            return field.toString();
          }
          field.append('"');
          position++;
        }
      }
    }

    private void readOn() throws IOException {
      Optional<String> next = lines.next();
      text =
          next.orElseThrow(
              () ->
                  file.wrongAt(
                      firstLine,
                      "a quotation mark opens a field that is never closed; expected '\"'"));
      position = 0;
    }

    private void requireEndOfField() {
      String rest = Lines.withoutCarriageReturn(text.substring(position));
      if (!rest.isEmpty() && rest.charAt(0) != ',') {
        throw file.wrongAt(
            lines.number(),
            "a closing quotation mark is followed by '"
                + rest.charAt(0)
                + "'; expected a comma or the end of the line (double a quotation mark in a text)");
      }
    }
  }
}
