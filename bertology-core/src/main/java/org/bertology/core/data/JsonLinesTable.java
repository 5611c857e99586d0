package org.bertology.core.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of one JSON object per line; the first one's keys are the columns. */
final class JsonLinesTable implements Table {
  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

  private final DataFile file;
  private final Lines lines;
  private final List<String> columns;
  private Optional<JsonRow> pushedBack;
  private long blankLines;

  JsonLinesTable(DataFile file, Lines lines) throws IOException {
    this.file = file;
    this.lines = lines;
    JsonRow first = read().orElseThrow(() -> file.wrong("is empty; expected examples"));
    columns = List.copyOf(first.object.keySet());
    pushedBack = Optional.of(first);
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Optional<Row> next() throws IOException {
    Optional<JsonRow> row = pushedBack.isPresent() ? pushedBack : read();
    pushedBack = Optional.empty();
    return row.map(r -> r);
  }

  @Override
  public long blankLines() {
    return blankLines;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private Optional<JsonRow> read() throws IOException {
    Optional<String> line = lines.next();
    while (line.isPresent() && line.get().isBlank()) {
      blankLines++;
      line = lines.next();
    }
    return line.map(text -> new JsonRow(lines.number(), parse(text)));
  }

  private JsonObject parse(String line) {
    JsonElement element = element(line);
    if (!element.isJsonObject()) {
      throw file.wrongAt(
          lines.number(),
          "expected a JSON object, found "
              + (element.isJsonArray() ? "an array" : element)
              + "; JSON Lines hold one object per line");
    }
    return element.getAsJsonObject();
  }

  private JsonElement element(String line) {
    JsonReader reader = new JsonReader(new StringReader(line));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      var unused = reader.peek(); // throws unless nothing follows
      return element;
    } catch (JsonParseException | IOException e) {
      throw file.wrongAt(lines.number(), "not valid JSON" + place(e));
    }
  }

  /** Where it breaks; the rest of Gson's message explains how to program with it. */
  private static String place(Exception e) {
    Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
    return column.find() ? "; it breaks off near column " + column.group(1) : "";
  }

  private final class JsonRow implements Row {
    private final long line;
    private final JsonObject object;

    JsonRow(long line, JsonObject object) {
      this.line = line;
      this.object = object;
    }

    @Override
    public long line() {
      return line;
    }

    @Override
    public int width() {
      return columns.size();
    }

    @Override
    public String field(int column) {
      String name = columns.get(column);
      if (!object.has(name)) {
        throw file.wrongAt(
            line, "no '" + name + "'; found: " + DataFile.listed(List.copyOf(object.keySet())));
      }
      JsonElement value = object.get(name);
      if (!value.isJsonPrimitive()) {
        throw file.wrongAt(line, "'" + name + "' must be a text or a number, found " + value);
      }
      return value.getAsString();
    }
  }
}
