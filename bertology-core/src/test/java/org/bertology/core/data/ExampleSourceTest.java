package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleSourceTest {
  private static final Labels SENTIMENT = ClassLabels.of(List.of("negative", "positive"));

  @TempDir Path directory;

  @Test
  void onlyLineFeedsEndALine() {
    String text = "one\u0085two\u2028three\rfour\ffive\u000Bsix";
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", text + "\t1\r", "next\t0");

    List<Example> examples = read(file, Columns.usual());

    assertThat(examples).extracting(Example::text).containsExactly(text, "next");
    assertThat(examples).extracting(Example::line).containsExactly(2L, 3L);
  }

  @Test
  void theLastLineNeedsNoLineFeed() {
    Path file = bytes("a.tsv", "text\tlabel\nfine\t1".getBytes(StandardCharsets.UTF_8));

    assertThat(read(file, Columns.usual())).extracting(Example::text).containsExactly("fine");
  }

  @Test
  void linesLongerThanABufferAreWhole() {
    String text = "\u00e9".repeat(100_000);
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", text + "\t1", text + "\t0");

    assertThat(read(file, Columns.usual())).extracting(Example::text).containsExactly(text, text);
  }

  @Test
  void endlessLinesAreRefused() {
    Path file = bytes("a.tsv", new byte[(1 << 24) + 1]);

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 1: longer than 16777216 bytes; is this a text file?", file);
  }

  @Test
  void aLineThatIsNotUtf8IsNamedWithItsOffset() {
    Path file =
        bytes("a.tsv", "text\tlabel\nna\u00efve\t1\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 2: not UTF-8: byte 0xEF at offset 13 of the file; convert the"
                + " file to UTF-8",
            file);
  }

  @Test
  void aTruncatedCharacterIsNotUtf8() {
    Path file = bytes("a.tsv", new byte[] {'t', 'e', 'x', 't', '\n', 'a', (byte) 0xC3});

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("line 2: not UTF-8: byte 0xC3 at offset 6 of the file");
  }

  @Test
  void emptyFilesAreRefused() {
    for (String name : List.of("a.tsv", "a.csv", "a.jsonl")) {
      Path file = bytes(name, new byte[0]);

      assertThatThrownBy(() -> read(file, Columns.usual()))
          .isInstanceOf(ContentException.class)
          .hasMessage("data file '%s' is empty; expected examples", file);
    }
  }

  @Test
  void aHeaderAloneIsRefused() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel");

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s' holds no examples; its columns: text, label; 0 lines were skipped",
            file);
  }

  @Test
  void aMissingFileIsAWrongArgument() {
    Path file = directory.resolve("none.tsv");

    assertThatThrownBy(() -> ExampleSource.of(file, Columns.usual(), SENTIMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data file '%s' does not exist; check the path and the working directory", file);
    assertThatThrownBy(() -> ExampleSource.of(file, GlueTask.SST2, SENTIMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void aDirectoryNeedsATask() {
    assertThatThrownBy(() -> ExampleSource.of(directory, Columns.usual(), SENTIMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data file '%s' is a directory; give a file, or a task that says which", directory);
  }

  @Test
  void anUnknownEndingListsTheKnownOnes() {
    Path file = FilesOnDisk.write(directory, "a.parquet", "x");

    assertThatThrownBy(() -> ExampleSource.of(file, Columns.usual(), SENTIMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data file '%s' has no known ending; known are .tsv and .txt (tab-separated), .csv,"
                + " .jsonl, .ndjson and .json (one JSON object per line), .conllu, .conll,"
                + " .iob, .iob2 and .bio (one word per line); or name the format",
            file);
  }

  @Test
  void anUnknownColumnListsThoseThereAre() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "review\tstars\tsource", "fine\t1\tx");

    assertThatThrownBy(() -> read(file, Columns.usual().withText("text")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data file '%s' has no column 'text'; its columns: review, stars, source", file);
    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data file '%s' has none of the usual text columns (sentence, text, sentence1,"
                + " question, premise, ...); its columns: review, stars, source; name the text"
                + " column",
            file);
  }

  @Test
  void aColumnThatIsThereTwiceIsRefusedIfItIsRead() {
    Path file = FilesOnDisk.write(directory, "a.csv", "label,note,note,text,label", "0,x,y,a b,1");

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s' has more than one column 'label'; its columns: label, note, note, text,"
                + " label; rename all but one",
            file);
    assertThat(ExampleSource.of(file, Columns.usual(), SENTIMENT).ignoreLabels().readAll())
        .extracting(Example::text)
        .containsExactly("a b");
  }

  @Test
  void columnsAreTakenByName() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "stars\tnote\treview", "1\tshort\tfine");
    Columns columns = Columns.usual().withText("review").withPair("note").withLabel("stars");

    assertThat(read(file, columns))
        .containsExactly(new Example("a-2", 2, "fine", Optional.of("short"), positive()));
  }

  @ParameterizedTest
  @CsvSource({
    "sentence label, 0, -1",
    "label text, 1, -1",
    "sentence1 sentence2 label, 0, 1",
    "label hypothesis premise, 2, 1",
    "question sentence label, 0, 1",
    "question1 question2 label, 0, 1",
    "sentence1 label, 0, -1"
  })
  void usualColumnsAreFound(String header, int text, int pair) {
    Layout layout = new ColumnsLayout(Columns.usual(), false);

    Layout.Selection selection =
        layout.select(DataFile.of(Path.of("a.tsv"), Optional.empty()), List.of(header.split(" ")));

    assertThat(selection.text()).isEqualTo(text);
    assertThat(selection.pair()).isEqualTo(pair);
  }

  @Test
  void aNamedPairIsNotAlsoTheText() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "sentence\ttext\tlabel", "first\tsecond\t1");

    assertThat(read(file, Columns.usual().withPair("sentence")))
        .containsExactly(new Example("a-2", 2, "second", Optional.of("first"), positive()));
  }

  @Test
  void aFileWithoutLabelsIsReadUnlessTheyAreRequired() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "index\tsentence", "0\tfine");
    ExampleSource source = ExampleSource.of(file, Columns.usual(), SENTIMENT);

    assertThat(source.readAll().get(0).label()).isEmpty();
    assertThatThrownBy(() -> source.requireLabels().open())
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s' has no labels, which are needed here; its columns: index, sentence",
            file);
  }

  @Test
  void anUnknownLabelIsNamedWithTheKnownOnes() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "fine\t1", "so\tneutral");

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 3: unknown label 'neutral' in column 'label'; expected one of"
                + " 0 negative, 1 positive",
            file);
  }

  @Test
  void unevenLinesAreRefused() {
    Path shorter = FilesOnDisk.write(directory, "s.tsv", "text\tlabel", "fine");
    Path longer = FilesOnDisk.write(directory, "l.tsv", "text\tlabel", "fine\t1", "a\ttab\t1");

    assertThatThrownBy(() -> read(shorter, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s', line 2: expected 2 columns (text, label), found 1", shorter);
    assertThatThrownBy(() -> read(longer, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage("data file '%s', line 3: expected 2 columns (text, label), found 3", longer);
  }

  @Test
  void emptyFieldsAtTheEndOfALineDoNoHarm() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "fine\t1\t\t");

    assertThat(read(file, Columns.usual()).get(0).classIndex()).isEqualTo(1);
  }

  @Test
  void blankLinesAreSkippedAndCounted() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "", "fine\t1", "\r", "");

    try (Examples examples = ExampleSource.of(file, Columns.usual(), SENTIMENT).open()) {
      assertThat(examples.next().line()).isEqualTo(3);
      assertThat(examples.hasNext()).isFalse();
      assertThat(examples.skipped()).isEqualTo(3);
    }
  }

  @Test
  void theLimitStopsBeforeWrongLines() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "a\t1", "b\t0", "broken");
    ExampleSource source = ExampleSource.of(file, Columns.usual(), SENTIMENT);

    assertThat(source.limit(2).readAll()).extracting(Example::text).containsExactly("a", "b");
    assertThatThrownBy(() -> source.limit(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a limit of at least 1 example, got 0");
  }

  @Test
  void nextAfterTheLastExampleSaysSo() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "a\t1");

    try (Examples examples = ExampleSource.of(file, Columns.usual(), SENTIMENT).open()) {
      examples.next();

      assertThatThrownBy(examples::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("data file '%s' holds no further example", file);
    }
  }

  @Test
  void aSourceCanBeReadTwice() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "a\t1", "b\t0");
    ExampleSource source = ExampleSource.of(file, Columns.usual(), SENTIMENT);

    assertThat(source.readAll()).hasSize(2).isEqualTo(source.readAll());
  }

  @Test
  void quotationMarksAreTextInTabSeparatedFiles() {
    Path file = FilesOnDisk.write(directory, "a.tsv", "text\tlabel", "\"fine\t1", "\"\"\t0");

    assertThat(read(file, Columns.usual()))
        .extracting(Example::text)
        .containsExactly("\"fine", "\"\"");
  }

  @Test
  void quotationMarksQuoteInCommaSeparatedFiles() {
    Path file =
        FilesOnDisk.write(
            directory,
            "a.csv",
            "\uFEFF\"text\",label\r",
            "\"good, \"\"very\"\" good\",1\r",
            "\"two\r",
            "lines\",\"0\"\r",
            "plain \" mark,1\r",
            "\"\",0");

    List<Example> examples = read(file, Columns.usual());

    assertThat(examples)
        .extracting(Example::text)
        .containsExactly("good, \"very\" good", "two\r\nlines", "plain \" mark", "");
    assertThat(examples).extracting(Example::line).containsExactly(2L, 3L, 5L, 6L);
    assertThat(examples).extracting(Example::classIndex).containsExactly(1, 0, 1, 0);
  }

  @Test
  void anOpenQuotationIsNamedWithItsFirstLine() {
    Path file = FilesOnDisk.write(directory, "a.csv", "text,label", "\"fine,1", "so,0");

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 2: a quotation mark opens a field that is never closed; expected"
                + " '\"'",
            file);
  }

  @Test
  void textAfterAClosingQuotationMarkIsRefused() {
    Path file = FilesOnDisk.write(directory, "a.csv", "text,label", "\"fine\" film,1");

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 2: a closing quotation mark is followed by ' '; expected a comma"
                + " or the end of the line (double a quotation mark in a text)",
            file);
  }

  @Test
  void jsonLinesAreReadByName() {
    Path file =
        FilesOnDisk.write(
            directory,
            "a.jsonl",
            "{\"text\": \"tab\\there\", \"label\": 1, \"more\": [1]}",
            "",
            "{\"label\": \"negative\", \"text\": \"so\"}");

    List<Example> examples = read(file, Columns.usual());

    assertThat(examples).extracting(Example::text).containsExactly("tab\there", "so");
    assertThat(examples).extracting(Example::classIndex).containsExactly(1, 0);
    assertThat(examples).extracting(Example::line).containsExactly(1L, 3L);
  }

  @Test
  void numbersInJsonLinesKeepTheirDigits() {
    Path file = FilesOnDisk.write(directory, "a.jsonl", "{\"text\": 0.00000010, \"label\": 1}");

    assertThat(read(file, Columns.usual())).extracting(Example::text).containsExactly("0.00000010");
  }

  @Test
  void wrongJsonIsNamedWithItsLine() {
    String good = "{\"text\": \"a\", \"label\": 1}";

    assertWrongJson(
        good, "{\"text\": \"a\", \"label\"}", "not valid JSON; it breaks off near column 23");
    assertWrongJson(good, "{text: 'a'}", "not valid JSON; it breaks off near column 3");
    assertWrongJson(good, good + " " + good, "not valid JSON; it breaks off near column 28");
    assertWrongJson(
        good,
        "{\"text\": \"a\", \"label\": 1, \"text\": \"b\"}",
        "has the key 'text' twice, at $.text");
    assertWrongJson(
        good, "[1]", "expected a JSON object, found an array; JSON Lines hold one object per line");
    assertWrongJson(good, "{\"text\": \"a\"}", "no 'label'; found: text");
    assertWrongJson(
        good, "{\"text\": null, \"label\": 1}", "'text' must be a text or a number, found null");
  }

  private void assertWrongJson(String first, String second, String message) {
    Path file = FilesOnDisk.write(directory, "a.jsonl", first, second);

    assertThatThrownBy(() -> read(file, Columns.usual()))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith("data file '" + file + "', line 2: " + message)
        .hasMessageNotContaining("Exception")
        .hasMessageNotContaining("http");
  }

  @Test
  void theHashIsThatOfTheBytes() {
    Path file = bytes("a.tsv", "abc".getBytes(StandardCharsets.US_ASCII));

    String hash = ExampleSource.of(file, Columns.usual(), SENTIMENT).sha256();

    // The test vector of FIPS 180-2, appendix B.1
    assertThat(hash).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void anExampleWithoutTheKindOfLabelAskedForSaysSo() {
    Example example = new Example("dev-7", 8, "text", Optional.empty(), Optional.empty());

    assertThatThrownBy(example::classIndex)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("example 'dev-7' (line 8) has no class label");
    assertThatThrownBy(example::score)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("example 'dev-7' (line 8) has no score");
  }

  private static List<Example> read(Path file, Columns columns) {
    return ExampleSource.of(file, columns, SENTIMENT).readAll();
  }

  private Path bytes(String name, byte[] bytes) {
    return FilesOnDisk.write(directory, name, bytes);
  }

  private static Optional<Label> positive() {
    return Optional.of(new Label.ClassIndex(1));
  }
}
