package org.bertology.core.data;

import java.util.Arrays;
import java.util.List;
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
  CONLL("conll", "conll", "iob", "iob2", "bio");

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

  /** The format of files whose names end so, without the dot. */
  static Optional<DataFormat> ofEnding(String ending) {
    return Arrays.stream(values()).filter(format -> format.endings.contains(ending)).findFirst();
  }
}
