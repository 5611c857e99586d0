package org.bertology.core.data;

import static org.bertology.core.data.Layout.Selection.ABSENT;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Columns that the user names, or the usual ones.
 *
 * @param targets whether labels are target texts
 */
record ColumnsLayout(Columns wanted, boolean targets) implements Layout {
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

  /** Texts and what is to be made of them, as public data sets call them. */
  private static final List<List<String>> USUAL_TARGETS =
      List.of(
          List.of("source", "target"),
          List.of("text", "summary"),
          List.of("document", "summary"),
          List.of("dialogue", "summary"),
          List.of("article", "highlights"),
          List.of("article", "summary"),
          List.of("question", "answer"),
          List.of("input", "output"),
          List.of("input", "target"),
          List.of("text", "target"));

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
    return targets ? withTarget(file, columns) : withLabel(file, columns);
  }

  private Selection withTarget(DataFile file, List<String> columns) {
    int text = wanted.text().map(name -> named(file, columns, name)).orElse(ABSENT);
    int pair = wanted.pair().map(name -> named(file, columns, name)).orElse(ABSENT);
    int target = wanted.label().map(name -> named(file, columns, name)).orElse(ABSENT);
    if (text != ABSENT && target != ABSENT) {
      return new Selection(text, pair, target, ABSENT);
    }
    List<Integer> usual =
        USUAL_TARGETS.stream()
            .map(
                names ->
                    List.of(
                        text == ABSENT ? columns.indexOf(names.get(0)) : text,
                        target == ABSENT ? columns.indexOf(names.get(1)) : target))
            .filter(found -> !found.contains(ABSENT) && !found.get(0).equals(found.get(1)))
            .findFirst()
            .orElseThrow(
                () ->
                    file.wrongUse(
                        "has none of the usual columns of texts and their targets (source and"
                            + " target, text and summary, question and answer, ...); its columns: "
                            + DataFile.listed(columns)
                            + "; name the text column and the target column"));
    return new Selection(usual.get(0), pair, usual.get(1), ABSENT);
  }

  private Selection withLabel(DataFile file, List<String> columns) {
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
