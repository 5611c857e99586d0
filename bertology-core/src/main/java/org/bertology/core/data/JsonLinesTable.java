package org.bertology.core.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bertology.core.json.JsonTextException;
import org.bertology.core.json.StrictJson;

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
    try {
      return StrictJson.element(line);
    } catch (JsonTextException e) {
      throw file.wrongAt(lines.number(), problem(String.valueOf(e.getMessage())));
    }
  }

  /** Of text that is not JSON only where it breaks: its own line is always the first. */
  private static String problem(String message) {
    if (!message.startsWith("is not JSON")) {
      return message;
    }
    Matcher column = COLUMN.matcher(message);
    return "not valid JSON"
        + (column.find() ? "; it breaks off near column " + column.group(1) : "");
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
