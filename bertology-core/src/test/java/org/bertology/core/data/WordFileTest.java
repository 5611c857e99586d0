package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with a word per line: CoNLL-U, and words with a label in the last column. */
class WordFileTest {
  private static final Labels POS =
      ClassLabels.of(List.of("NOUN", "VERB", "PUNCT", "AUX", "PART", "PRON"));
  private static final Labels ENTITIES = ClassLabels.of(List.of("O", "B-PER", "I-PER"));

  @TempDir private Path directory;

  private Path file(String name, String... lines) {
    return FilesOnDisk.write(directory, name, lines);
  }

  private static List<Example> read(Path file, Columns columns, Labels labels) {
    return ExampleSource.of(file, columns, labels).readAll();
  }

  private static String conllu(String id, String form, String upos, String deprel) {
    return String.join("\t", id, form, "_", upos, "_", "_", "0", deprel, "_", "_");
  }

  private static List<Integer> labels(Example example) {
    return ((Label.PerWord) example.label().orElseThrow()).indices();
  }

  @Test
  void theWordsOfConlluAreThoseThatHaveNumbersOfTheirOwn() {
    Path file =
        file(
            "a.conllu",
            "# newdoc id = one",
            "# sent_id = one-1",
            "# text = I don't sleep.",
            conllu("1", "I", "PRON", "nsubj"),
            conllu("2-3", "don't", "_", "_"),
            conllu("2", "do", "AUX", "aux"),
            conllu("3", "n't", "PART", "advmod"),
            conllu("3.1", "really", "ADV", "_"),
            conllu("4", "sleep", "VERB", "root"),
            conllu("5", ".", "PUNCT", "punct"),
            "",
            "",
            conllu("1", "Go", "VERB", "root"));

    List<Example> examples = read(file, Columns.usual(), POS);

    assertThat(examples).hasSize(2);
    Example first = examples.get(0);
    assertThat(first.id()).isEqualTo("a-one-1");
    assertThat(first.line()).isEqualTo(4);
    assertThat(first.words()).containsExactly("I", "do", "n't", "sleep", ".");
    assertThat(first.text()).isEqualTo("I do n't sleep .");
    assertThat(labels(first)).containsExactly(5, 3, 4, 1, 2);
    assertThat(examples.get(1).id()).isEqualTo("a-13");
    assertThat(examples.get(1).words()).containsExactly("Go");
  }

  @Test
  void anotherColumnOfConlluCanHoldTheLabels() {
    Path file =
        file("a.conllu", conllu("1", "I", "PRON", "nsubj"), conllu("2", "go", "VERB", "root"));
    Labels relations = ClassLabels.of(List.of("root", "nsubj"));

    try (Examples examples =
        ExampleSource.of(file, Columns.usual().withLabel("DEPREL"), relations).open()) {
      assertThat(labels(examples.next())).containsExactly(1, 0);
      assertThat(examples.labelColumn()).contains("deprel");
      assertThat(examples.textColumn()).isEqualTo("form");
      assertThat(examples.pairColumn()).isEmpty();
    }
  }

  @Test
  void anUnderscoreIsNoLabelInConllu() {
    Path file = file("a.conllu", conllu("1", "I", "PRON", "nsubj"), conllu("2", "go", "_", "root"));

    assertThat(labels(read(file, Columns.usual(), POS).get(0)))
        .containsExactly(5, ModelInputs.IGNORED);
  }

  @Test
  void aFileWithoutLabelsHasExamplesWithoutThem() {
    Path file = file("a.conllu", conllu("1", "I", "_", "_"), "", conllu("1", "go", "_", "_"));
    ExampleSource source = ExampleSource.of(file, Columns.usual(), POS);

    assertThat(source.readAll()).hasSize(2).allMatch(example -> example.label().isEmpty());
    try (Examples examples = source.open()) {
      assertThat(examples.haveLabels()).isFalse();
    }
    assertThatThrownBy(() -> source.requireLabels().open())
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 1: no word of this sentence has a label in column 'upos'", file);
  }

  @Test
  void sentencesWithAndWithoutLabelsAreNotMixed() {
    Path less = file("less.conllu", conllu("1", "I", "PRON", "_"), "", conllu("1", "go", "_", "_"));
    Path more = file("more.conllu", conllu("1", "I", "_", "_"), "", conllu("1", "go", "VERB", "_"));

    assertThatThrownBy(() -> read(less, Columns.usual(), POS))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 3: no word of this sentence has a label in column 'upos', but"
                + " those before it have; leave the sentence out",
            less);
    assertThatThrownBy(() -> read(more, Columns.usual(), POS))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 3: this sentence has labels in column 'upos', but those before"
                + " it have none",
            more);
  }

  @Test
  void ignoredLabelsMayBeOfAnyKind() {
    Path file = file("a.conllu", conllu("1", "I", "ELSE", "_"));

    List<Example> examples = ExampleSource.of(file, Columns.usual(), POS).ignoreLabels().readAll();

    assertThat(examples.get(0).words()).containsExactly("I");
    assertThat(examples.get(0).label()).isEmpty();
  }

  @Test
  void anUnknownLabelIsNamedWithItsLineAndTheLabelsThatAreKnown() {
    Path file = file("a.conllu", conllu("1", "I", "PRON", "_"), conllu("2", "!", "SYM", "_"));

    assertThatThrownBy(() -> read(file, Columns.usual(), POS))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 2: unknown label 'SYM' in column 'upos'; expected one of 0 NOUN,"
                + " 1 VERB, 2 PUNCT, 3 AUX, 4 PART, 5 PRON",
            file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 a            | expected 10 columns separated by tabs (id, form, lemma, upos, xpos, feats, head, deprel, deps, misc), found 1
          x a NOUN       | expected a word's number such as 1, 1-2 or 8.1, found 'x'
          3 a NOUN       | expected word 2 of the sentence, found 3; sentences end with a blank line
          1 a NOUN       | expected word 2 of the sentence, found 1; sentences end with a blank line
          """)
  void aWrongLineOfConlluIsNamed(String line, String problem) {
    String[] parts = line.split(" ");
    String second = parts.length == 3 ? conllu(parts[0], parts[1], parts[2], "_") : line;
    Path file = file("a.conllu", conllu("1", "I", "PRON", "_"), second);

    assertThatThrownBy(() -> read(file, Columns.usual(), POS))
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s', line 2: %s", file, problem);
  }

  @Test
  void aWordMustNotBeEmpty() {
    Path file = file("a.conll", "Anna\tB-PER", "\tO");

    assertThatThrownBy(() -> read(file, Columns.usual(), ENTITIES))
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s', line 2: no word in column '1'", file);
  }

  @Test
  void theLabelIsInTheLastColumnOfConll() {
    Path file =
        file(
            "eng.conll",
            "-DOCSTART- -X- O O",
            "",
            "Anna NNP I-NP B-PER",
            "Freud NNP I-NP I-PER",
            "",
            "left VBD I-VP O ",
            "",
            "",
            "-DOCSTART- -X- O O",
            "",
            "# # I-NP O",
            "1 CD I-NP O");

    List<Example> examples = read(file, Columns.usual(), ENTITIES);

    assertThat(examples)
        .extracting(Example::words)
        .containsExactly(List.of("Anna", "Freud"), List.of("left"), List.of("#", "1"));
    assertThat(examples).extracting(Example::id).containsExactly("eng-3", "eng-6", "eng-11");
    assertThat(labels(examples.get(0))).containsExactly(1, 2);
    assertThat(labels(examples.get(2))).containsExactly(0, 0);
  }

  @Test
  void wordsMayHaveSpacesWhereTabsSeparateColumns() {
    Path file = file("a.bio", "10 000\tO", "Anna\u00a0Maria\tB-PER", "#\tO", "\r", "#\tO\r");

    List<Example> examples = read(file, Columns.usual(), ENTITIES);

    assertThat(examples)
        .extracting(Example::words)
        .containsExactly(List.of("10 000", "Anna\u00a0Maria", "#"), List.of("#"));
  }

  @Test
  void linesBeforeASentenceThatAreNoWordsAreComments() {
    Path spaces =
        file(
            "spaces.conll",
            "# a licence of many words",
            "# sent_id = 1",
            "Anna NNP B-NP B-PER",
            "",
            "# sent_id = two words",
            "# has SYM O",
            "left VBD B-VP O");
    Path tabs = file("tabs.conll", "# sent_id = x", "1\tAnna\tB-PER\t-", "# O");

    assertThat(read(spaces, Columns.usual(), ENTITIES))
        .extracting(Example::id)
        .containsExactly("spaces-1", "spaces-two words");
    assertThat(read(spaces, Columns.usual(), ENTITIES).get(1).words()).containsExactly("#", "left");
    assertThatThrownBy(() -> read(tabs, Columns.usual().withText("2").withLabel("3"), ENTITIES))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 3: expected 4 columns separated by tabs as in the first line"
                + " with a word, found 1",
            tabs);
  }

  @Test
  void columnsOfConllAreCalledByTheirNumbers() {
    Path file = file("a.iob2", "# sent_id = n-1", "1\tAnna\tB-PER\t-\t-", "2\tleft\tO\t-\t-");

    List<Example> examples = read(file, Columns.usual().withText("2").withLabel("3"), ENTITIES);

    assertThat(examples.get(0).words()).containsExactly("Anna", "left");
    assertThat(labels(examples.get(0))).containsExactly(1, 0);
    assertThat(examples.get(0).id()).isEqualTo("a-n-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(file, Columns.usual().withLabel("ner"), ENTITIES))
        .withMessage("data file '%s' has no column 'ner'; its columns: 1, 2, 3, 4, 5", file);
  }

  @Test
  void wordsAloneHaveNoLabels() {
    Path file = file("a.conll", "Anna", "left", "", "#");
    ExampleSource source = ExampleSource.of(file, Columns.usual(), ENTITIES);

    assertThat(source.readAll())
        .extracting(Example::words)
        .containsExactly(List.of("Anna", "left"), List.of("#"));
    assertThatThrownBy(() -> source.requireLabels().open())
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s' has no labels, which are needed here; its columns: 1", file);
  }

  @Test
  void anotherEndingNeedsTheFormat() {
    Path file = file("train.txt", "Anna B-PER", "left O");

    List<Example> examples =
        ExampleSource.of(file, Optional.of(DataFormat.CONLL), Columns.usual(), ENTITIES).readAll();

    assertThat(examples.get(0).words()).containsExactly("Anna", "left");
  }

  @Test
  void theLimitCountsSentences() {
    Path file = file("a.conll", "a O", "", "b O", "c O", "", "d O");

    assertThat(ExampleSource.of(file, Columns.usual(), ENTITIES).limit(2).readAll())
        .extracting(Example::text)
        .containsExactly("a", "b c");
  }

  @Test
  void filesWithoutWordsAreRefused() {
    Path comments = file("a.conll", "# only", "", "-DOCSTART- O");
    Path empty = file("a.conllu", "# only", "");

    assertThatThrownBy(() -> read(comments, Columns.usual(), ENTITIES))
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s' holds no line with a word", comments);
    assertThatThrownBy(() -> read(empty, Columns.usual(), POS))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("holds no examples; its columns: id, form, lemma, upos, xpos");
  }

  @Test
  void whatDoesNotGoWithWordsIsRefused() {
    Path file = file("a.conll", "a O");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(file, Columns.usual().withPair("2"), ENTITIES))
        .withMessage(
            "data file '%s' holds words of single texts; leave out the column of a second text",
            file);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExampleSource.of(file, GlueTask.SST2, ENTITIES))
        .withMessage(
            "data file '%s' holds words with a label each, but task sst-2 has a label for each"
                + " text",
            file);
  }
}
