package org.bertology.core.data;

import static org.bertology.core.data.Layout.Selection.ABSENT;

import java.util.List;
import java.util.stream.IntStream;

/** Columns that the user names, or the usual ones. */
record ColumnsLayout(Columns wanted) implements Layout {
  /** Texts and their partners as public data sets call them; pairs first. */
  private static final List<List<String>> USUAL_TEXTS =
      List.of(
          List.of("sentence1", "sentence2"),
          List.of("premise", "hypothesis"),
          List.of("question1", "question2"),
          List.of("question", "sentence"),
          List.of("text", "text_pair"),
          List.of("text1", "text2"),
          List.of("sentence"),
          List.of("text"),
          List.of("sentence1"),
          List.of("question"),
          List.of("premise"));

  private static final List<String> USUAL_LABELS =
      List.of("label", "labels", "gold_label", "score");

  @Override
  public boolean isHeader(List<String> firstRecord) {
    return wanted.header();
  }

  @Override
  public List<String> columnsWithoutHeader(int width) {
    return IntStream.rangeClosed(1, width).mapToObj(Integer::toString).toList();
  }

  @Override
  public boolean skipsUnevenLines() {
    return false;
  }

  @Override
  public Selection select(DataFile file, List<String> columns) {
    int label =
        wanted
            .label()
            .map(name -> named(file, columns, name))
            .orElseGet(() -> firstOf(columns, USUAL_LABELS));
    if (wanted.text().isPresent() || wanted.pair().isPresent()) {
      int pair = wanted.pair().map(name -> named(file, columns, name)).orElse(ABSENT);
      int text =
          wanted
              .text()
              .map(name -> named(file, columns, name))
              .orElseGet(() -> usualText(file, columns, pair));
      return new Selection(text, pair, label, ABSENT);
    }
    List<Integer> texts = usualTexts(file, columns, ABSENT);
    return new Selection(texts.get(0), texts.size() > 1 ? texts.get(1) : ABSENT, label, ABSENT);
  }

  private static int usualText(DataFile file, List<String> columns, int pair) {
    return usualTexts(file, columns, pair).get(0);
  }

  private static List<Integer> usualTexts(DataFile file, List<String> columns, int taken) {
    return USUAL_TEXTS.stream()
        .map(names -> names.stream().map(columns::indexOf).toList())
        .filter(indices -> !indices.contains(ABSENT) && indices.get(0) != taken)
        .findFirst()
        .orElseThrow(
            () ->
                file.wrongUse(
                    "has none of the usual text columns (sentence, text, sentence1, question,"
                        + " premise, ...); its columns: "
                        + DataFile.listed(columns)
                        + "; name the text column"));
  }

  private static int firstOf(List<String> columns, List<String> names) {
    return names.stream()
        .filter(columns::contains)
        .findFirst()
        .map(columns::indexOf)
        .orElse(ABSENT);
  }

  private static int named(DataFile file, List<String> columns, String name) {
    int index = columns.indexOf(name);
    if (index == ABSENT) {
      throw file.wrongUse("has no column '" + name + "'; its columns: " + DataFile.listed(columns));
    }
    return index;
  }
}
