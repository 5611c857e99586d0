package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.core.ContentException;
import org.bertology.core.metric.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GlueTaskTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "sst2, SST2",
    "SST-2, SST2",
    "Sst_2, SST2",
    "CoLA, COLA",
    "MRPC, MRPC",
    "stsb, STSB",
    "STS-B, STSB",
    "qqp, QQP",
    "mnli, MNLI",
    "mnli-m, MNLI",
    "MNLI_MM, MNLI_MISMATCHED",
    "mnli-mm, MNLI_MISMATCHED",
    "QNLI, QNLI",
    "rte, RTE",
    "wnli, WNLI"
  })
  void namesAreFoundInEverySpelling(String name, GlueTask task) {
    assertThat(GlueTask.named(name)).isEqualTo(task);
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> GlueTask.named("sst"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no task is named 'sst'; known are cola, sst-2, mrpc, sts-b, qqp, mnli, mnli-mm, qnli,"
                + " rte, wnli");
  }

  @Test
  void primaryMetricsAreGluesOwn() {
    assertThat(Arrays.stream(GlueTask.values()).map(GlueTask::primaryMetric))
        .containsExactly(
            Metric.MATTHEWS,
            Metric.ACCURACY,
            Metric.ACCURACY_AND_F1,
            Metric.CORRELATION,
            Metric.ACCURACY_AND_F1,
            Metric.ACCURACY,
            Metric.ACCURACY,
            Metric.ACCURACY,
            Metric.ACCURACY,
            Metric.ACCURACY);
  }

  @ParameterizedTest
  @EnumSource(GlueTask.class)
  void metricsFitTheKindOfLabels(GlueTask task) {
    Set<Metric> ofScores = EnumSet.of(Metric.PEARSON, Metric.SPEARMAN, Metric.CORRELATION);

    assertThat(task.metrics()).allMatch(metric -> ofScores.contains(metric) == task.isRegression());
  }

  @Test
  void colaHasNoHeader() {
    Path file =
        FilesOnDisk.write(
            directory, "dev.tsv", "ab12\t1\t\tThe cat slept.", "ab12\t0\t*\tSlept cat the.");

    List<Example> examples = read(file, GlueTask.COLA);

    assertThat(examples)
        .containsExactly(
            new Example("dev-1", 1, "The cat slept.", Optional.empty(), label(1)),
            new Example("dev-2", 2, "Slept cat the.", Optional.empty(), label(0)));
  }

  @Test
  void colasTestFileHasAHeaderAndNoLabels() {
    Path file = FilesOnDisk.write(directory, "test.tsv", "index\tsentence", "0\tThe cat slept.");

    List<Example> examples = read(file, GlueTask.COLA);

    assertThat(examples)
        .containsExactly(
            new Example("test-2", 2, "The cat slept.", Optional.empty(), Optional.empty()));
  }

  @Test
  void sst2IsReadByName() {
    Path train = FilesOnDisk.write(directory, "train.tsv", "sentence\tlabel", "a fine film \t1");
    Path moved =
        FilesOnDisk.write(directory, "moved.tsv", "source\tlabel\tsentence", "x\t0\tdull .");
    Path test = FilesOnDisk.write(directory, "test.tsv", "index\tsentence", "0\tfine .");

    assertThat(read(train, GlueTask.SST2))
        .containsExactly(new Example("train-2", 2, "a fine film ", Optional.empty(), label(1)));
    assertThat(read(moved, GlueTask.SST2))
        .containsExactly(new Example("moved-2", 2, "dull .", Optional.empty(), label(0)));
    assertThat(read(test, GlueTask.SST2))
        .containsExactly(new Example("test-2", 2, "fine .", Optional.empty(), Optional.empty()));
  }

  @Test
  void mrpcKeepsQuotationMarksAndDropsTheByteOrderMark() {
    Path file =
        FilesOnDisk.write(
            directory,
            "dev.tsv",
            "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r",
            "1\t11\t12\t\"He went home.\tHe said: \"Home.\r");

    List<Example> examples = read(file, GlueTask.MRPC);

    assertThat(examples)
        .containsExactly(
            new Example("dev-2", 2, "\"He went home.", Optional.of("He said: \"Home."), label(1)));
  }

  @Test
  void qqpSkipsAndCountsBrokenLines() {
    Path file =
        FilesOnDisk.write(
            directory,
            "dev.tsv",
            "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
            "7\t1\t2\tWhy?\tWhy not?\t0",
            "8\t3\t4\tA question that",
            "breaks off?\tWhat?\t1",
            "9\t5\t6\tHow?\tHow so?\t1");
    Labels labels = GlueTask.QQP.labels("bert", List.of("LABEL_0", "LABEL_1"));

    try (Examples examples = ExampleSource.of(file, GlueTask.QQP, labels).open()) {
      assertThat(examples.next().id()).isEqualTo("dev-7");
      assertThat(examples.next().id()).isEqualTo("dev-9");
      assertThat(examples.hasNext()).isFalse();
      assertThat(examples.skipped()).isEqualTo(2);
    }
  }

  @Test
  void mnliLabelsAreInTheGoldColumnWhateverTheWidth() {
    Path train =
        FilesOnDisk.write(
            directory,
            "train.tsv",
            "index\tgenre\tsentence1\tsentence2\tlabel1\tgold_label",
            "5\tfiction\tIt rains.\tIt is wet.\tneutral\tentailment");
    Path dev =
        FilesOnDisk.write(
            directory,
            "dev_matched.tsv",
            "index\tgenre\tsentence1\tsentence2\tlabel1\tlabel2\tgold_label",
            "6\tfiction\tIt rains.\tIt is dry.\tneutral\tneutral\tcontradiction");

    assertThat(read(train, GlueTask.MNLI))
        .containsExactly(
            new Example("train-5", 2, "It rains.", Optional.of("It is wet."), label(1)));
    assertThat(read(dev, GlueTask.MNLI))
        .containsExactly(
            new Example("dev_matched-6", 2, "It rains.", Optional.of("It is dry."), label(0)));
  }

  @Test
  void qnliPairsTheQuestionWithTheSentence() {
    Path file =
        FilesOnDisk.write(
            directory,
            "dev.tsv",
            "index\tquestion\tsentence\tlabel",
            "0\tWho came?\tAnn came.\tentailment",
            "1\tWho left?\tAnn came.\tnot_entailment");

    assertThat(read(file, GlueTask.QNLI))
        .containsExactly(
            new Example("dev-0", 2, "Who came?", Optional.of("Ann came."), label(0)),
            new Example("dev-1", 3, "Who left?", Optional.of("Ann came."), label(1)));
  }

  @Test
  void rteAndWnliDifferInTheirLabels() {
    Path rte =
        FilesOnDisk.write(
            directory, "rte.tsv", "index\tsentence1\tsentence2\tlabel", "0\ta\tb\tentailment");
    Path wnli =
        FilesOnDisk.write(
            directory, "wnli.tsv", "index\tsentence1\tsentence2\tlabel", "0\ta\tb\t1");

    assertThat(read(rte, GlueTask.RTE).get(0).classIndex()).isZero();
    assertThat(read(wnli, GlueTask.WNLI).get(0).classIndex()).isEqualTo(1);
  }

  @Test
  void aTaskIsAlsoReadFromJsonLinesOfOtherEditions() {
    Path file =
        FilesOnDisk.write(
            directory,
            "mnli.jsonl",
            "{\"premise\": \"It rains.\", \"hypothesis\": \"It is wet.\", \"label\":"
                + " \"Entailment\", \"idx\": 3}");

    assertThat(read(file, GlueTask.MNLI))
        .containsExactly(
            new Example("mnli-1", 1, "It rains.", Optional.of("It is wet."), label(1)));
  }

  @Test
  void aScoreMustBeANumber() {
    Path file =
        FilesOnDisk.write(
            directory,
            "dev.tsv",
            "index\tsentence1\tsentence2\tscore",
            "0\tA man sings.\tA man is singing.\t4.6",
            "1\tA man sings.\tA dog barks.\tNaN");
    Labels labels = GlueTask.STSB.labels("bert", List.of("LABEL_0"));
    ExampleSource source = ExampleSource.of(file, GlueTask.STSB, labels);

    assertThat(source.limit(1).readAll().get(0).score()).isEqualTo(4.6);
    assertThatThrownBy(source::readAll)
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s', line 3: unknown label 'NaN' in column 'score'; expected a number such"
                + " as 2.5",
            file);
  }

  @Test
  void aFileOfAnotherTaskIsRefused() {
    Path file =
        FilesOnDisk.write(directory, "dev.tsv", "index\tgold_label\tn_correct", "0\tneutral\t9");

    assertThatThrownBy(() -> read(file, GlueTask.MNLI))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s' is not a mnli file: expected the columns sentence1, sentence2,"
                + " gold_label, found index, gold_label, n_correct",
            file);
  }

  @Test
  void aDirectoryWithoutTheDevelopmentFileListsWhatItHolds() {
    FilesOnDisk.write(directory, "train.tsv", "sentence\tlabel", "fine\t1");

    assertThatThrownBy(() -> read(directory, GlueTask.SST2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data directory '%s' has no dev.tsv, the development file of sst-2; it holds:"
                + " train.tsv",
            directory);
  }

  private static List<Example> read(Path data, GlueTask task) {
    return ExampleSource.of(data, task, task.labels("bert", task.labelNames())).readAll();
  }

  private static Optional<Label> label(int index) {
    return Optional.of(new Label.ClassIndex(index));
  }
}
