package org.bertology.core.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;

/**
 * The examples of a file with a word per line, each a sentence. Either all sentences have labels or
 * none has: one word of each at least.
 */
final class WordReader implements ExampleReader {
  private final DataFile file;
  private final Sentences sentences;
  private final int text;
  private final Optional<Integer> label;
  private final Labels labels;
  private final LabelUse labelUse;
  private long read;
  private boolean labelled;

  private WordReader(
      DataFile file,
      Sentences sentences,
      int text,
      Optional<Integer> label,
      Labels labels,
      LabelUse labelUse) {
    this.file = file;
    this.sentences = sentences;
    this.text = text;
    this.label = label;
    this.labels = labels;
    this.labelUse = labelUse;
  }

  static WordReader open(
      DataFile file, Lines lines, Columns wanted, Labels labels, LabelUse labelUse)
      throws IOException {
    if (wanted.pair().isPresent()) {
      throw file.wrongUse("holds words of single texts; leave out the column of a second text");
    }
    Sentences sentences = new Sentences(file, lines);
    WordLayout layout = sentences.layout();
    int text = column(file, layout, wanted.text().orElseGet(layout::usualText));
    Optional<Integer> label =
        labelUse == LabelUse.IGNORED
            ? Optional.empty()
            : wanted.label().or(layout::usualLabel).map(name -> column(file, layout, name));
    if (labelUse == LabelUse.REQUIRED && label.isEmpty()) {
      throw file.wrong(
          "has no labels, which are needed here; its columns: "
              + DataFile.listed(layout.columns()));
    }
    return new WordReader(file, sentences, text, label, labels, labelUse);
  }

  private static int column(DataFile file, WordLayout layout, String name) {
    int index = layout.columns().indexOf(name.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw file.wrongUse(
          "has no column '%s'; its columns: %s".formatted(name, DataFile.listed(layout.columns())));
    }
    return index;
  }

  @Override
  public List<String> columns() {
    return sentences.layout().columns();
  }

  @Override
  public String textColumn() {
    return columns().get(text);
  }

  @Override
  public Optional<String> pairColumn() {
    return Optional.empty();
  }

  @Override
  public Optional<String> labelColumn() {
    return label.filter(column -> labelled).map(columns()::get);
  }

  @Override
  public Optional<Example> next() throws IOException {
    return sentences.next().map(this::example);
  }

  private Example example(Sentence sentence) {
    List<String> words = sentence.words().stream().map(this::text).toList();
    Optional<Label> given = label.flatMap(column -> labels(sentence, column));
    requireAlike(sentence, given.isPresent());
    String name = sentence.id().orElseGet(() -> Long.toString(sentence.line()));
    return Example.ofWords(file.stem() + "-" + name, sentence.line(), words, given);
  }

  private String text(Sentence.Word word) {
    String form = word.fields().get(text);
    if (form.isEmpty()) {
      throw file.wrongAt(word.line(), "no word in column '%s'".formatted(textColumn()));
    }
    return form;
  }

  /** The labels of all words; empty if none has one. */
  private Optional<Label> labels(Sentence sentence, int column) {
    List<Integer> indices = new ArrayList<>();
    for (Sentence.Word word : sentence.words()) {
      String given = word.fields().get(column).strip();
      indices.add(
          sentences.layout().isNoLabel(given) ? ModelInputs.IGNORED : index(word, column, given));
    }
    boolean none = indices.stream().allMatch(index -> index == ModelInputs.IGNORED);
    return none ? Optional.empty() : Optional.of(new Label.PerWord(indices));
  }

  private int index(Sentence.Word word, int column, String given) {
    return labels
        .parse(given)
        .filter(Label.ClassIndex.class::isInstance)
        .map(right -> ((Label.ClassIndex) right).index())
        .orElseThrow(
            () ->
                file.wrongAt(
                    word.line(),
                    "unknown label '%s' in column '%s'; expected %s"
                        .formatted(given, columns().get(column), labels.expected())));
  }

  private void requireAlike(Sentence sentence, boolean hasLabels) {
    if (label.isEmpty()) {
      return;
    }
    String column = columns().get(label.get());
    if (!hasLabels && (labelUse == LabelUse.REQUIRED || labelled)) {
      throw file.wrongAt(
          sentence.line(),
          "no word of this sentence has a label in column '%s'%s"
              .formatted(
                  column, labelled ? ", but those before it have; leave the sentence out" : ""));
    }
    if (hasLabels && read > 0 && !labelled) {
      throw file.wrongAt(
          sentence.line(),
          "this sentence has labels in column '%s', but those before it have none"
              .formatted(column));
    }
    labelled = hasLabels;
    read++;
  }

  @Override
  public void close() throws IOException {
    sentences.close();
  }
}
