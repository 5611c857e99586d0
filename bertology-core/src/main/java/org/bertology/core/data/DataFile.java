package org.bertology.core.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bertology.core.ContentException;

/** A data file as messages speak of it. */
record DataFile(Path path) {
  enum Format {
    TAB_SEPARATED,
    COMMA_SEPARATED,
    JSON_LINES
  }

  /**
   * The format that the file's name tells.
   *
   * @throws IllegalArgumentException if it tells none
   */
  Format format() {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "tsv", "txt" -> Format.TAB_SEPARATED;
      case "csv" -> Format.COMMA_SEPARATED;
      case "jsonl", "ndjson", "json" -> Format.JSON_LINES;
      default ->
          throw wrongUse(
              "has no known ending; known are .tsv and .txt (tab-separated), .csv, .jsonl,"
                  + " .ndjson and .json (one JSON object per line)");
    };
  }

  /** The file's name without its ending, such as {@code dev_matched}. */
  String stem() {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  ContentException wrong(String what) {
    return new ContentException("data file '" + path + "' " + what);
  }

  ContentException wrongAt(long line, String what) {
    return new ContentException("data file '" + path + "', line " + line + ": " + what);
  }

  IllegalArgumentException wrongUse(String what) {
    return new IllegalArgumentException("data file '" + path + "' " + what);
  }

  static String listed(List<String> columns) {
    return String.join(", ", columns);
  }
}
