package org.bertology.core.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a data file is written. */
public enum DataFormat {
  /** A record per line, fields separated by tabs, never quoted. */
  TAB_SEPARATED("tsv", "tsv", "txt"),
  /** A record per line or more, fields separated by commas and quoted where needed (RFC 4180). */
  COMMA_SEPARATED("csv", "csv"),
  /** A JSON object per line. */
  JSON_LINES("jsonl", "jsonl", "ndjson", "json"),
  /** CoNLL-U, of Universal Dependencies: a word per line in ten columns, sentences apart. */
  CONLLU("conllu", "conllu"),
  /** A word per line in one column or more, the label in the last, sentences apart. */
  CONLL("conll", "conll", "iob", "iob2", "bio"),
  /** Plain text: the whole file is one text. */
  TEXT("text");

  private final String key;
  private final List<String> endings;

  DataFormat(String key, String... endings) {
    this.key = key;
    this.endings = List.of(endings);
  }

  /** The name in commands, such as {@code conllu}. */
  public String key() {
    return key;
  }

  /** Whether texts are given as words, each with a label of its own. */
  public boolean holdsWords() {
    return this == CONLLU || this == CONLL;
  }

  /** The format that a file's name tells, if it tells any. */
  static Optional<DataFormat> ofName(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ofEnding(name.substring(name.lastIndexOf('.') + 1));
  }

  /**
   * The format of texts for a language model, which has no use for labels: what the file's name
   * tells, but plain text if it ends in {@code .txt} or in nothing that is known.
   */
  public static DataFormat ofTexts(Path file) {
    boolean table = !file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
    return ofName(file).filter(format -> table).orElse(TEXT);
  }

  /** The format of files whose names end so, without the dot. */
  private static Optional<DataFormat> ofEnding(String ending) {
    return Arrays.stream(values()).filter(format -> format.endings.contains(ending)).findFirst();
  }
}
