package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceCommandTest {
  private static final int EXAMPLES = 12;

  /** What float32 files lose of scores below 1. */
  private static final Offset<Double> FLOAT_ROUNDING = within(1e-6);

  private static final String MNLI_LINE =
      "{\"sentence1\": \"a b\", \"sentence2\": \"c d\", \"gold_label\": \"%s\"}\n";

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

  @Test
  void printsTableRankingAndPerformance() {
    Result result = importance();

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("model       model (3 layers, 12 heads)")
        .contains("data        data.tsv: 12 examples, 153 tokens, none longer than 40 tokens")
        .contains("importance of heads by gradient, not normalised")
        .containsPattern("layer +1 +2 +3 +4\n +1 ")
        .contains(" rank  layer    head       score   95% interval")
        .containsPattern("accuracy +0\\.\\d{4}")
        .containsPattern("loss +\\d\\.\\d{4}");
    assertThat(rankingLines(result)).hasSize(TinyModel.LAYERS * TinyModel.HEADS);
  }

  @Test
  void writesAllFilesWithTheirShapes() {
    Result result =
        importance("--out", out.toString(), "--entropy", "--per-example", "--criterion", "fisher");

    assertThat(result.exitCode()).isZero();
    assertThat(out)
        .isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"))
        .isDirectoryContaining(path -> path.endsWith("importance.csv"));
    assertThat(Npy.read(out.resolve("head_importance.npy")).shape()).containsExactly(3, 4);
    assertThat(Npy.read(out.resolve("attn_entropy.npy")).shape()).containsExactly(3, 4);
    assertThat(Npy.read(out.resolve("per_example.npy")).shape()).containsExactly(EXAMPLES, 3, 4);
    assertThat(result.out())
        .contains(
            "head_importance.npy, attn_entropy.npy, per_example.npy, importance.csv, importance.json");
  }

  @Test
  void theArrayTheTableAndTheDocumentHoldTheSameScores() throws IOException {
    importance("--out", out.toString(), "--per-example");

    double[] scores = Npy.read(out.resolve("head_importance.npy")).toDoubles();
    JsonObject document = document(Files.readString(out.resolve("importance.json")));
    assertThat(scores).containsExactly(flat(document.getAsJsonArray("scores")), FLOAT_ROUNDING);
    assertThat(scores).containsExactly(column("score"), FLOAT_ROUNDING);
    assertThat(scores).containsExactly(meanMagnitudes(), FLOAT_ROUNDING);
  }

  @Test
  void theDocumentHoldsEveryDefinitionAndIntervalsOfThoseWithoutOrder() throws IOException {
    importance("--out", out.toString());

    JsonObject definitions =
        document(Files.readString(out.resolve("importance.json"))).getAsJsonObject("definitions");
    assertThat(definitions.keySet())
        .containsExactly(
            "gradient", "token-gradient", "batch-gradient", "hf-script", "fisher", "signed");
    assertThat(definitions.keySet().stream().filter(name -> hasIntervals(definitions, name)))
        .containsExactly("gradient", "token-gradient", "fisher", "signed");
  }

  @Test
  void theRankingCountsFromOneAndFalls() {
    JsonObject document = document(importance("--json").out());

    JsonArray ranking = document.getAsJsonArray("ranking");
    assertThat(ranking).hasSize(12);
    JsonObject first = ranking.get(0).getAsJsonObject();
    double[] scores = flat(document.getAsJsonArray("scores"));
    int layer = first.get("layer").getAsInt();
    int head = first.get("head").getAsInt();
    assertThat(first.get("score").getAsDouble())
        .isEqualTo(scores[(layer - 1) * TinyModel.HEADS + head - 1])
        .isEqualTo(Arrays.stream(scores).max().orElseThrow());
  }

  @Test
  void aRerunGivesTheSameBytesExceptForTheRun() throws IOException {
    Path again = directory.resolve("again");

    importance("--out", out.toString(), "--entropy", "--per-example");
    importance("--out", again.toString(), "--entropy", "--per-example", "--threads", "1");

    for (String name : List.of("head_importance.npy", "attn_entropy.npy", "importance.csv")) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(out.resolve(name));
    }
    assertThat(again.resolve("per_example.npy"))
        .hasSameBinaryContentAs(out.resolve("per_example.npy"));
    String first = Files.readString(out.resolve("importance.json"));
    String second = Files.readString(again.resolve("importance.json"));
    assertThat(beforeRun(second)).isEqualTo(beforeRun(first));
    assertThat(document(first).getAsJsonObject("run").keySet())
        .containsExactly(
            "started", "seconds", "command", "system", "architecture", "java", "processors");
  }

  @Test
  void theDocumentSaysWhatItWasComputedFrom() {
    JsonObject document = document(importance("--json", "--limit", "5", "--seed", "7").out());

    JsonObject provenance = document.getAsJsonObject("provenance");
    assertThat(document.get("schemaVersion").getAsInt()).isEqualTo(1);
    assertThat(provenance.getAsJsonObject("model").get("name").getAsString()).isEqualTo("model");
    assertThat(provenance.getAsJsonObject("data").get("sha256").getAsString()).hasSize(64);
    assertThat(provenance.get("limit").getAsInt()).isEqualTo(5);
    assertThat(provenance.getAsJsonObject("engine").get("backend").getAsString())
        .isEqualTo("reference");
    assertThat(document.getAsJsonObject("settings").get("seed").getAsInt()).isEqualTo(7);
    assertThat(document.getAsJsonObject("counts").get("examples").getAsInt()).isEqualTo(5);
    assertThat(document.toString()).doesNotContain("NaN");
  }

  @Test
  void theDocumentHasTheMembersThatItsDocumentationShows() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    String example = page.substring(page.indexOf("```json") + 7);
    JsonObject documented = document(example.substring(0, example.indexOf("```")));

    JsonObject actual = document(importance("--json", "--entropy", "--head-mask", "1:1").out());

    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(documented.keySet());
    for (String member : List.of("intervals", "counts", "settings", "provenance", "run")) {
      assertThat(actual.getAsJsonObject(member).keySet())
          .as(member)
          .containsExactlyElementsOf(documented.getAsJsonObject(member).keySet());
    }
  }

  @Test
  void warningsAreLinesOnStandardErrorUnlessQuiet() {
    data = model.data("gaps.tsv", "sentence\tlabel\na b\t1\n\nc\t2\n");

    Result result = importance();
    Result quiet = importance("--quiet");

    assertThat(result.err())
        .isEqualTo("bertology: warning: %s: skipped 0 uneven and 1 blank lines\n".formatted(data));
    assertThat(quiet.err()).isEmpty();
    assertThat(quiet.out()).isEqualTo(result.out());
  }

  @Test
  void normalisationByLayerAndOverAllReachesFromZeroToOne() {
    JsonObject document = document(importance("--json", "--normalization", "layer,global").out());

    double[] scores = flat(document.getAsJsonArray("scores"));
    assertThat(Arrays.stream(scores).min().orElseThrow()).isZero();
    assertThat(Arrays.stream(scores).max().orElseThrow()).isOne();
  }

  @Test
  void neuronsAreSummedUpByLayer() {
    Result result = importance("--target", "neurons", "--out", out.toString());

    assertThat(result.out())
        .contains("layer  neurons        mean      median     largest")
        .contains("  ...  (124 more; all of them with --verbose)");
    assertThat(Npy.read(out.resolve("neuron_importance.npy")).shape()).containsExactly(3, 48);
  }

  @Test
  void layersAreListed() throws IOException {
    Result result = importance("--target", "layers", "--out", out.toString());

    assertThat(result.out()).contains("layer       score");
    assertThat(Npy.read(out.resolve("layer_importance.npy")).shape()).containsExactly(3, 1);
    assertThat(Files.readAllLines(out.resolve("importance.csv")))
        .hasSize(1 + TinyModel.LAYERS)
        .first()
        .asString()
        .startsWith("layer,rank,score,low,high,gradient,");
  }

  @Test
  void maskedHeadsAreCountedAndRecorded() {
    Result text = importance("--head-mask", "1:2,3 3:1");
    Result json = importance("--head-mask", "1:2,3 3:1", "--json");

    assertThat(text.out()).contains("masked      3 of 12 heads");
    assertThat(flat(document(json.out()).getAsJsonArray("headMask")))
        .containsExactly(1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1);
  }

  @Test
  void longTextsAreCutOffCountedAndSaid() {
    Result result = importance("--max-length", "8");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).containsPattern("tokens, [1-9]\\d* cut off at 8 tokens");
  }

  @Test
  void textsLongerThanThePositionsAreCutOffThere() {
    data = model.data("long.tsv", "sentence\tlabel\n" + "a ".repeat(500) + "\t1\n");

    Result result = importance();

    assertThat(result.out()).contains("1 examples, 40 tokens, 1 cut off at 40 tokens");
  }

  @Test
  void pairsAndLabelNamesOfATaskAreRead() {
    data =
        model.data("dev.jsonl", MNLI_LINE.formatted("entailment") + MNLI_LINE.formatted("neutral"));

    JsonObject document = document(importance("--task", "mnli", "--json").out());

    JsonObject provenance = document.getAsJsonObject("provenance");
    assertThat(provenance.get("task").getAsString()).isEqualTo("mnli");
    assertThat(provenance.getAsJsonObject("columns").get("pair").getAsString())
        .isEqualTo("sentence2");
    assertThat(provenance.get("labelMatching").getAsString())
        .startsWith("labels matched by index, since the model's classes have no names");
  }

  @Test
  void regressionIsMeasuredByCorrelation() {
    model = TinyModel.regressor(directory.resolve("regression"));
    data = model.data("scores.csv", "text,score\na b,1.5\nc,2\nd e f,0\n");

    Result result = importance("--label-column", "score");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("labels      labels are numbers")
        .containsPattern("pearson +-?\\d")
        .containsPattern("spearman +-?\\d")
        .doesNotContain("correct");
  }

  @Test
  void aSingleExampleOfARegressionHasNoCorrelation() {
    model = TinyModel.regressor(directory.resolve("regression"));
    data = model.data("scores.csv", "text,score\na b,1.5\n");

    Result result = importance("--label-column", "score");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).doesNotContain("pearson").contains("loss");
  }

  @Test
  void withForceFilesAreReplacedAndOthersAreKept() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("notes.txt"), "mine");
    Files.writeString(out.resolve("importance.csv"), "old");

    Result result = importance("--out", out.toString(), "--force");

    assertThat(result.exitCode()).isZero();
    assertThat(out.resolve("notes.txt")).hasContent("mine");
    assertThat(Files.readString(out.resolve("importance.csv"))).startsWith("layer,head,rank,");
  }

  @Test
  void withForceNothingOfAnEarlierResultStaysBesideTheNewOne() throws IOException {
    importance("--out", out.toString(), "--entropy", "--per-example", "--resamples", "0");

    Result result =
        importance("--out", out.toString(), "--force", "--target", "layers", "--resamples", "0");

    assertThat(result.exitCode()).isZero();
    JsonArray files =
        document(Files.readString(out.resolve("importance.json"))).getAsJsonArray("files");
    assertThat(files.asList().stream().map(JsonElement::getAsString))
        .containsExactly("layer_importance.npy", "importance.csv", "importance.json");
    try (Stream<Path> there = Files.list(out)) {
      assertThat(there.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("layer_importance.npy", "importance.csv", "importance.json");
    }
  }

  @Test
  void failedRunsLeaveNoDirectory() {
    data = model.data("labels.tsv", "sentence\tlabel\na b\tmany\n");

    importance("--out", out.toString());

    assertThat(directory.resolve("deep")).doesNotExist();
  }

  @Test
  void onATerminalNarrowTablesAreCutIntoBlocksAndColoured() {
    Terminal terminal = new Terminal(true, false, true, 24);

    Result result = Result.on(terminal, arguments());

    assertThat(result.out()).contains("layer       1       2\n", "layer       3       4\n");
    assertThat(result.out()).contains("\u001B[30;48;5;");
    assertThat(importance().out()).doesNotContain("\u001B");
  }

  @Test
  void tablesAreNotCutForATerminalThatTheyDoNotGoTo() {
    Terminal terminal = new Terminal(false, true, false, 24);

    Result result = Result.on(terminal, arguments());

    assertThat(result.out()).isEqualTo(importance().out());
  }

  @Test
  void progressIsDrawnOnATerminalAndErased() {
    Terminal terminal = new Terminal(true, true, false, 80);

    Result drawn = Result.on(terminal, arguments());
    Result quiet = Result.on(terminal, arguments("--quiet"));

    assertThat(drawn.err()).endsWith("\r\u001B[K");
    assertThat(quiet.err()).isEmpty();
  }

  @Test
  void anInterruptEndsTheRunWithItsExitCodeAndWithoutFiles() {
    Thread.currentThread().interrupt();

    Result result = importance("--out", out.toString());

    assertThat(Thread.interrupted()).isFalse();
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.err()).isEqualTo("bertology: interrupted; nothing was written\n");
    assertThat(out).doesNotExist();
  }

  private Result importance(String... more) {
    return Result.of(arguments(more));
  }

  private String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "importance",
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static List<String> rankingLines(Result result) {
    return result.out().lines().filter(line -> line.contains(" .. ")).toList();
  }

  private static JsonObject document(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static String beforeRun(String document) {
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  private static boolean hasIntervals(JsonObject definitions, String name) {
    return definitions.getAsJsonObject(name).has("intervals");
  }

  private static double[] flat(JsonArray rows) {
    List<Double> values = new ArrayList<>();
    rows.forEach(row -> row.getAsJsonArray().forEach(value -> values.add(value.getAsDouble())));
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double[] column(String name) throws IOException {
    List<String> lines = Files.readAllLines(out.resolve("importance.csv"));
    int index = List.of(lines.get(0).split(",")).indexOf(name);
    Stream<String> rows = lines.stream().skip(1);
    return rows.mapToDouble(line -> Double.parseDouble(line.split(",")[index])).toArray();
  }

  private double[] meanMagnitudes() {
    Tensor perExample = Npy.read(out.resolve("per_example.npy"));
    int units = TinyModel.LAYERS * TinyModel.HEADS;
    double[] means = new double[units];
    double[] values = perExample.toDoubles();
    for (int i = 0; i < values.length; i++) {
      means[i % units] += Math.abs(values[i]) / EXAMPLES;
    }
    return means;
  }
}
