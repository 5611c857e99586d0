package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.scoring.RankingAgreement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriteriaCommandTest {
  private static final int EXAMPLES = 6;

  /** What float32 files lose of scores below 100. */
  private static final Offset<Double> FLOAT_ROUNDING = within(1e-5);

  private static final Offset<Double> ROUNDING = within(1e-12);

  @TempDir Path directory;

  private TinyModel model;
  private Path data;
  private Path out;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(EXAMPLES);
    out = directory.resolve("deep").resolve("out");
  }

  private Result criteria(String... more) {
    return Result.of(new ReferenceModule(), arguments(more));
  }

  private Result on(Module backends, String... more) {
    return Result.of(backends, arguments(more));
  }

  private String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "criteria",
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME,
                "--threads",
                "1"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static JsonObject document(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static double[] flat(JsonArray rows) {
    return rows.asList().stream()
        .flatMap(row -> row.getAsJsonArray().asList().stream())
        .mapToDouble(value -> value.getAsDouble())
        .toArray();
  }

  private static double[] scores(JsonObject document, String key) {
    return flat(document.getAsJsonObject("criteria").getAsJsonObject(key).getAsJsonArray("scores"));
  }

  private static String beforeRun(Path document) throws IOException {
    String text = Files.readString(document);
    return text.substring(0, text.indexOf("  \"run\": {"));
  }

  @Test
  void printsWhatEachPutsFirstAndHowMuchTheyAgree() {
    Result result = criteria("--top", "3");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("the first 3 heads by 5 criteria, as layer:head and score; shapley from 6 orders")
        .containsPattern("rank +gradient +magnitude +leave-one-out +shapley +random\n")
        .containsPattern("\n   3 +\\d:\\d  \\d+\\.\\d+ .*\\d:\\d  0\\.833\n\n")
        .containsPattern("Spearman's correlation\n +1 +2 +3 +4 +5\n")
        .containsPattern("\n +3 leave-one-out +-?\\d\\.\\d\\d +-?\\d\\.\\d\\d +1\\.00 ")
        .containsPattern("shared among the first 3\n(?s:.*) +5 random( +[0-3]){4} +3\n")
        .containsPattern("loss +\\d\\.\\d{4}");
  }

  @Test
  void theFilesHoldTheSameScores() throws IOException {
    Result result = criteria("--out", out.toString(), "--criteria", "fisher,shapley,magnitude");

    assertThat(result.exitCode()).isZero();
    JsonObject document = document(Files.readString(out.resolve("criteria.json")));
    List<String> lines = Files.readAllLines(out.resolve("criteria.csv"));
    assertThat(lines.get(0))
        .isEqualTo("layer,head,fisher,fisher_rank,shapley,shapley_rank,magnitude,magnitude_rank");
    assertThat(lines).hasSize(13);
    double[] shapley = scores(document, "shapley");
    assertThat(Npy.read(out.resolve("head_shapley.npy")).shape()).containsExactly(3, 4);
    assertThat(Npy.read(out.resolve("head_shapley.npy")).toDoubles())
        .containsExactly(shapley, FLOAT_ROUNDING);
    for (int unit = 0; unit < 12; unit++) {
      assertThat(Double.parseDouble(lines.get(unit + 1).split(",")[4])).isEqualTo(shapley[unit]);
    }
    assertThat(out)
        .isDirectoryNotContaining(path -> path.toString().endsWith(".journal"))
        .isDirectoryContaining(path -> path.endsWith("head_fisher.npy"));
    assertThat(document.getAsJsonArray("files").asList())
        .extracting(name -> name.getAsString())
        .containsExactly(
            "head_fisher.npy",
            "head_shapley.npy",
            "head_magnitude.npy",
            "criteria.csv",
            "criteria.json");
  }

  @Test
  void theDocumentHoldsAgreementAndIntervalsOfEstimates() {
    JsonObject document =
        document(criteria("--json", "--criteria", "gradient,leave-one-out,random").out());

    JsonObject agreement = document.getAsJsonObject("agreement");
    RankingAgreement expected =
        RankingAgreement.of(scores(document, "gradient"), scores(document, "leave-one-out"), 10);
    assertThat(flat(agreement.getAsJsonArray("spearman"))[1])
        .isCloseTo(expected.spearman(), ROUNDING);
    assertThat(flat(agreement.getAsJsonArray("kendall"))[1])
        .isCloseTo(expected.kendall(), ROUNDING);
    assertThat(flat(agreement.getAsJsonArray("topShared"))[1]).isEqualTo(expected.shared());
    JsonObject criteria = document.getAsJsonObject("criteria");
    assertThat(criteria.keySet().stream().filter(k -> criteria.getAsJsonObject(k).has("intervals")))
        .containsExactly("gradient", "leave-one-out");
    assertThat(document.getAsJsonObject("settings").get("metric").getAsString())
        .isEqualTo("accuracy");
  }

  @Test
  void maskedUnitsAreInNoRanking() {
    JsonObject document =
        document(
            criteria("--json", "--criteria", "magnitude", "--head-mask", "1:1,2,3,4 2:1").out());

    JsonArray ranking =
        document.getAsJsonObject("criteria").getAsJsonObject("magnitude").getAsJsonArray("ranking");
    assertThat(ranking.asList())
        .hasSize(7)
        .noneMatch(unit -> unit.getAsJsonObject().get("layer").getAsInt() == 1);
    assertThat(document.has("headMask")).isTrue();
  }

  @Test
  void layersHaveOneNumberEach() throws IOException {
    Result result = criteria("--target", "layers", "--out", out.toString());

    assertThat(result.out()).contains("the first 3 layers by 5 criteria; shapley from 6 orders");
    assertThat(Npy.read(out.resolve("layer_leave-one-out.npy")).shape()).containsExactly(3, 1);
    assertThat(Files.readAllLines(out.resolve("criteria.csv")).get(3)).startsWith("3,");
  }

  @Test
  void aRunThatBrokeDownGoesOnAndGivesTheSameBytes() throws IOException {
    Path whole = directory.resolve("whole");
    InterruptedModule counting = new InterruptedModule(10_000);
    assertThat(on(counting, "--out", whole.toString(), "--permutations", "3").exitCode()).isZero();
    int batches = 10_000 - counting.left();

    // Inside of the last permutation of the Shapley values, which come last but one.
    Result broken =
        on(new InterruptedModule(batches - 2), "--out", out.toString(), "--permutations", "3");
    assertThat(broken.exitCode()).isEqualTo(ExitCode.FAILURE);
    assertThat(broken.err()).contains("the power went out");
    assertThat(out).isDirectoryContaining(path -> path.endsWith("criteria.journal"));
    InterruptedModule rest = new InterruptedModule(batches / 2);
    Result resumed = on(rest, "--out", out.toString(), "--permutations", "3");

    assertThat(resumed.exitCode()).isZero();
    for (String name : List.of("criteria.csv", "head_shapley.npy", "head_leave-one-out.npy")) {
      assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    assertThat(beforeRun(out.resolve("criteria.json")))
        .isEqualTo(beforeRun(whole.resolve("criteria.json")));
    assertThat(out.resolve("criteria.journal")).doesNotExist();
  }

  @Test
  void theJournalOfAnotherRunIsRefusedUnlessItMayBeReplaced() {
    on(new InterruptedModule(4), "--out", out.toString());

    Result other = criteria("--out", out.toString(), "--seed", "7");
    Result forced = criteria("--out", out.toString(), "--seed", "7", "--force");

    assertThat(other.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(other.err()).contains("belongs to another run, which differs in: settings;");
    assertThat(forced.exitCode()).isZero();
    assertThat(out.resolve("criteria.journal")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --permutations | 0              | permutations must be at least 1, got 0
          --top          | 0              | --top must be at least 1, got 0
          --resamples    | -1             | resamples must not be negative, got -1
          --criteria     | gradient,shaly | no criterion is named 'shaly'; did you mean 'shapley'?
          """)
  void whatMakesNoSenseIsRefused(String option, String value, String message) {
    Result result = criteria(option, value);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(message);
  }

  @Test
  void aCriterionThatIsNamedTwiceCountsOnce() {
    JsonObject document = document(criteria("--json", "--criteria", "random,random").out());

    assertThat(document.getAsJsonObject("criteria").keySet()).containsExactly("random");
    assertThat(document.getAsJsonObject("agreement").getAsJsonArray("order")).hasSize(1);
  }
}
