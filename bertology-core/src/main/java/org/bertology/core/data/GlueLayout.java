package org.bertology.core.data;

import static org.bertology.core.data.Layout.Selection.ABSENT;

import java.util.List;
import java.util.stream.Stream;

/**
 * The columns of one GLUE task's files, found by name: train, development and test files hold them
 * at different positions. Each list has GLUE's own name first, then those of other editions.
 */
record GlueLayout(
    String task,
    List<String> texts,
    List<String> pairs,
    List<String> labels,
    List<String> ids,
    List<String> withoutHeader,
    boolean skipsUnevenLines)
    implements Layout {
  GlueLayout(
      String task, List<String> texts, List<String> pairs, List<String> labels, List<String> ids) {
    this(task, texts, pairs, labels, ids, List.of(), false);
  }

  static GlueLayout inference(String task, String label) {
    return new GlueLayout(
        task,
        List.of("sentence1", "premise"),
        List.of("sentence2", "hypothesis"),
        Stream.of(label, "label").distinct().toList(),
        List.of("index"));
  }

  GlueLayout withoutHeader(String... columns) {
    return new GlueLayout(task, texts, pairs, labels, ids, List.of(columns), skipsUnevenLines);
  }

  GlueLayout skippingUnevenLines() {
    return new GlueLayout(task, texts, pairs, labels, ids, withoutHeader, true);
  }

  /** CoLA's train and development files have no header, its test file does. */
  @Override
  public boolean isHeader(List<String> firstRecord) {
    return withoutHeader.isEmpty() || texts.stream().anyMatch(firstRecord::contains);
  }

  @Override
  public List<String> columnsWithoutHeader(int width) {
    return withoutHeader;
  }

  @Override
  public Selection select(DataFile file, List<String> columns) {
    int text = firstOf(columns, texts);
    int pair = firstOf(columns, pairs);
    if (text == ABSENT || (pair == ABSENT && !pairs.isEmpty())) {
      throw file.wrong(
          String.format(
              "is not a %s file: expected the columns %s, found %s",
              task, expected(), DataFile.listed(columns)));
    }
    return new Selection(text, pair, firstOf(columns, labels), firstOf(columns, ids));
  }

  private String expected() {
    return Stream.of(texts, pairs, labels)
        .flatMap(names -> names.stream().limit(1))
        .reduce((left, right) -> left + ", " + right)
        .orElseThrow();
  }

  private static int firstOf(List<String> columns, List<String> names) {
    return names.stream()
        .filter(columns::contains)
        .findFirst()
        .map(columns::indexOf)
        .orElse(ABSENT);
  }
}
