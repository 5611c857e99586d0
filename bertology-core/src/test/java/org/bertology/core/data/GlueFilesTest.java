package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published files of GLUE and others, which are too large or too restricted to carry along. */
class GlueFilesTest {
  private static final Path DATA = Path.of("..", "..", "shared", "data");
  private static final double ROUNDING = 1e-9;

  @ParameterizedTest
  @CsvSource({
    "sst-2, glue-sst2/train.tsv, 29780 37569",
    "sst-2, glue-sst2/dev.tsv, 428 444",
    "mrpc, glue-mrpc/dev.tsv, 129 279",
    "mrpc, hf-test-samples/MRPC/dev.tsv, 3 3",
    "cola, glue-cola/dev.tsv, 322 721",
    "qnli, glue-qnli/dev.tsv, 2702 2761",
    "mnli, glue-mnli/dev_matched.tsv, 3213 3479 3123"
  })
  void classCountsAreThePublishedOnes(String name, String file, String counts) {
    GlueTask task = GlueTask.named(name);
    Labels labels = task.labels("bert", task.labelNames());

    List<Example> examples = ExampleSource.of(shared(file), task, labels).readAll();

    List<String> found =
        IntStream.range(0, labels.outputs())
            .mapToObj(k -> examples.stream().filter(e -> e.classIndex() == k).count())
            .map(String::valueOf)
            .toList();
    assertThat(String.join(" ", found)).isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource({
    "sst-2, glue-sst2/test.tsv, 1821",
    "mrpc, glue-mrpc/msr_paraphrase_test.tsv, 1725",
    "mrpc, glue-mrpc/train.tsv, 3668",
    "cola, glue-cola/train.tsv, 8551",
    "sts-b, glue-stsb/train.tsv, 5749",
    "sts-b, glue-stsb/dev.tsv, 1500",
    "sts-b, glue-stsb/test.tsv, 1379"
  })
  void rowCountsAreThePublishedOnes(String name, String file, int count) {
    GlueTask task = GlueTask.named(name);
    Labels labels =
        task.labels("bert", task.isRegression() ? List.of("LABEL_0") : task.labelNames());

    List<Example> examples = ExampleSource.of(shared(file), task, labels).readAll();

    assertThat(examples).hasSize(count);
  }

  @Test
  void aDirectoryMeansTheDevelopmentFile() {
    Labels labels = GlueTask.MNLI.labels("bert", List.of("LABEL_0", "LABEL_1", "LABEL_2"));

    ExampleSource source = ExampleSource.of(shared("glue-mnli"), GlueTask.MNLI, labels);

    assertThat(source.file()).isEqualTo(DATA.resolve("glue-mnli/dev_matched.tsv"));
    try (Examples examples = source.open()) {
      Example first = examples.next();
      assertThat(first.id()).isEqualTo("dev_matched-0");
      assertThat(first.text()).isEqualTo("The new rights are nice enough");
      assertThat(first.pair()).contains("Everyone really likes the newest benefits ");
      assertThat(first.classIndex()).isEqualTo(2);
    }
  }

  @Test
  void similarityScoresAreNumbers() {
    Labels labels = GlueTask.STSB.labels("bert", List.of("LABEL_0"));

    List<Example> examples =
        ExampleSource.of(shared("glue-stsb"), GlueTask.STSB, labels).limit(2).readAll();

    assertThat(examples).hasSize(2);
    assertThat(examples.get(0).score()).isCloseTo(5, within(ROUNDING));
    assertThat(examples.get(1).score()).isCloseTo(4.75, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"amazon_cells_labelled.txt", "imdb_labelled.txt", "yelp_labelled.txt"})
  void filesWithoutHeaderAreReadByColumnNumber(String file) {
    Columns columns = Columns.usual().withoutHeader().withText("1").withLabel("2");
    Labels labels = ClassLabels.of(List.of("negative", "positive"));

    List<Example> examples =
        ExampleSource.of(shared("sentiment-uci/" + file), columns, labels).readAll();

    assertThat(examples).hasSize(1000);
    assertThat(examples.stream().filter(e -> e.classIndex() == 1)).hasSize(500);
  }

  @Test
  void theDataHashIsThatOfTheFile() {
    Labels labels = GlueTask.SST2.labels("bert", List.of("negative", "positive"));

    String hash = ExampleSource.of(shared("glue-sst2"), GlueTask.SST2, labels).sha256();

    assertThat(hash).isEqualTo("54a9c12c77e402fc14d6a66a506f24d999f596b0176eb777c972cccc2f9cc4b0");
  }

  private static Path shared(String file) {
    Path path = DATA.resolve(file);
    assumeTrue(Files.exists(path), () -> "skipped: no data file " + path);
    return path;
  }
}
