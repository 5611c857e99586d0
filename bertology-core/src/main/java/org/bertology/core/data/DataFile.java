package org.bertology.core.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.core.ContentException;

/**
 * A data file as messages speak of it.
 *
 * @param format how it is written
 */
record DataFile(Path path, DataFormat format) {

  /**
   * A file in the format that its name tells, unless another is given.
   *
   * @throws IllegalArgumentException if none is given and the name tells none
   */
  static DataFile of(Path path, Optional<DataFormat> given) {
    DataFormat format =
        given
            .or(() -> DataFormat.ofName(path))
            .orElseThrow(
                () ->
                    wrongUse(
                        path,
                        "has no known ending; known are .tsv and .txt (tab-separated), .csv,"
                            + " .jsonl, .ndjson and .json (one JSON object per line), .conllu,"
                            + " .conll, .iob, .iob2 and .bio (one word per line); or name the"
                            + " format"));
    return new DataFile(path, format);
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
    return wrongUse(path, what);
  }

  private static IllegalArgumentException wrongUse(Path path, String what) {
    return new IllegalArgumentException("data file '" + path + "' " + what);
  }

  static String listed(List<String> columns) {
    return String.join(", ", columns);
  }
}
