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
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.bertology.core.checkpoint.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblateCommandTest {
  private static final int EXAMPLES = 12;
  private static final int UNITS = TinyModel.LAYERS * TinyModel.HEADS;

  /** Both compute in double, but sum up in other orders. */
  private static final Offset<Double> ROUNDING = within(1e-6);

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

  private Result ablate(String... more) {
    return Result.of(arguments("ablate", more));
  }

  private String[] arguments(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--model", model.directory().toString()));
    arguments.addAll(List.of("--data", data.toString(), "--backend", ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private JsonObject document(String... more) {
    Result result = ablate(more);
    assertThat(result.err()).isEmpty();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private static List<JsonObject> rows(JsonObject document) {
    JsonArray rows = document.getAsJsonArray("ablated");
    return StreamSupport.stream(rows.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  @Test
  void printsDifferencesSignificanceRankingAndPerformance() {
    Result result = ablate();

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("model       model (3 layers, 12 heads)")
        .contains("change of accuracy without each head")
        .containsPattern("layer +1 +2 +3 +4 \n +1 ")
        .containsPattern("\\* significant: p, corrected by holm, at most 0\\.05; \\d+ of 12")
        .contains("changes, worst first")
        .containsPattern("layer +head +accuracy +95% interval +p +loss\n")
        .containsPattern("accuracy +0\\.\\d{4}")
        .containsPattern("correct +\\d+ of 12");
    assertThat(result.out().lines().filter(line -> line.contains(" .. "))).hasSize(UNITS);
  }

  @Test
  void everyRunIsTheEvaluationOfItsMask() {
    List<JsonObject> rows = rows(document("--json", "--resamples", "0"));

    assertThat(rows).hasSize(UNITS);
    for (JsonObject row : List.of(rows.get(0), rows.get(6), rows.get(11))) {
      String mask = row.get("layer").getAsInt() + ":" + row.get("head").getAsInt();
      JsonObject evaluation = evaluation("--head-mask", mask);
      assertThat(row.get("loss").getAsDouble())
          .isCloseTo(evaluation.get("loss").getAsDouble(), ROUNDING);
      assertThat(row.get("metrics")).isEqualTo(evaluation.get("metrics"));
    }
  }

  private JsonObject evaluation(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--json");
    Result result = Result.of(arguments("evaluate", options.toArray(String[]::new)));
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void differencesAreThoseFromTheBase() {
    JsonObject document = document("--json", "--head-mask", "2:1");

    double accuracy = document.getAsJsonObject("metrics").get("accuracy").getAsDouble();
    double loss = document.get("loss").getAsDouble();
    assertThat(rows(document)).hasSize(UNITS - 1);
    for (JsonObject row : rows(document)) {
      JsonObject differences = row.getAsJsonObject("differences");
      JsonObject main = differences.getAsJsonObject("accuracy");
      double own = row.getAsJsonObject("metrics").get("accuracy").getAsDouble();
      assertThat(main.get("value").getAsDouble()).isCloseTo(own - accuracy, ROUNDING);
      assertThat(differences.getAsJsonObject("loss").get("value").getAsDouble())
          .isCloseTo(row.get("loss").getAsDouble() - loss, ROUNDING);
      assertThat(main.get("low").getAsDouble()).isLessThanOrEqualTo(main.get("high").getAsDouble());
      assertThat(main.get("correctedP").getAsDouble())
          .isGreaterThanOrEqualTo(main.get("p").getAsDouble());
      assertThat(row.get("correct").getAsInt()).isEqualTo((int) Math.round(own * EXAMPLES));
    }
  }

  @Test
  void writesAllFilesAndNoJournalStays() throws IOException {
    Result result = ablate("--out", out.toString(), "--head-mask", "2:1");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("ablation_metric.npy, ablation_loss.npy, ablation.csv, ablation.json");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            "ablation_metric.npy", "ablation_loss.npy", "ablation.csv", "ablation.json");
    double[] losses = Npy.read(out.resolve("ablation_loss.npy")).toDoubles();
    assertThat(Npy.read(out.resolve("ablation_metric.npy")).shape()).containsExactly(3, 4);
    assertThat(losses).hasSize(UNITS);
    assertThat(losses[TinyModel.HEADS]).isNaN();
    JsonObject document =
        JsonParser.parseString(Files.readString(out.resolve("ablation.json"))).getAsJsonObject();
    assertThat(losses[0]).isCloseTo(rows(document).get(0).get("loss").getAsDouble(), ROUNDING);
    assertThat(Files.readAllLines(out.resolve("ablation.csv")))
        .hasSize(UNITS)
        .first()
        .isEqualTo(
            "layer,head,accuracy,loss,correct,measureDifference,measureLow,measureHigh,measureP,measureCorrectedP,lossDifference,lossLow,lossHigh,lossP,lossCorrectedP");
  }

  @Test
  void theDocumentOfTheDirectoryIsThatOfStandardOutput() throws IOException {
    Result result = ablate("--json", "--out", out.toString());

    assertThat(beforeRun(Files.readString(out.resolve("ablation.json"))))
        .isEqualTo(beforeRun(result.out()));
  }

  @Test
  void aRerunGivesTheSameBytesExceptForTheRun() throws IOException {
    Path again = directory.resolve("again");

    ablate("--out", out.toString());
    ablate("--out", again.toString(), "--threads", "1");

    assertSameResult(again, out);
  }

  private static void assertSameResult(Path actual, Path expected) throws IOException {
    for (String name : List.of("ablation_metric.npy", "ablation_loss.npy", "ablation.csv")) {
      assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
    }
    assertThat(beforeRun(Files.readString(actual.resolve("ablation.json"))))
        .isEqualTo(beforeRun(Files.readString(expected.resolve("ablation.json"))));
  }

  private static String beforeRun(String document) {
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  @Test
  void ofEachLayerTheHeadThatDoesBestAloneIsNamed() {
    Result text = ablate("--mode", "keep-one");
    JsonObject document = document("--mode", "keep-one", "--json");

    JsonArray best = document.getAsJsonArray("bestOfLayers");
    assertThat(text.out())
        .contains("change of accuracy with a single head in a layer")
        .contains("the best head of each layer");
    assertThat(best).hasSize(TinyModel.LAYERS);
    for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
      JsonObject row = best.get(layer).getAsJsonObject();
      assertThat(row.get("layer").getAsInt()).isEqualTo(layer + 1);
      assertThat(rows(document).subList(layer * 4, layer * 4 + 4))
          .contains(row)
          .allSatisfy(other -> assertThat(accuracy(other)).isLessThanOrEqualTo(accuracy(row)));
    }
  }

  private static double accuracy(JsonObject row) {
    return row.getAsJsonObject("metrics").get("accuracy").getAsDouble();
  }

  @Test
  void neuronsGoInGroups() throws IOException {
    Result result =
        ablate("--target", "neurons", "--group-size", "20", "--out", out.toString(), "--verbose");

    assertThat(result.out())
        .contains("change of accuracy without each group of neurons")
        .containsPattern("\n +1 +41-48 ");
    assertThat(Npy.read(out.resolve("ablation_loss.npy")).shape()).containsExactly(3, 3);
    assertThat(Files.readAllLines(out.resolve("ablation.csv")))
        .hasSize(1 + 9)
        .first()
        .asString()
        .startsWith("layer,firstNeuron,lastNeuron,accuracy,loss,");
  }

  @Test
  void allNeuronsOfALayerGoTogetherIfNoSizeIsGiven() {
    JsonObject document = document("--target", "neurons", "--json");

    assertThat(document.getAsJsonObject("settings").get("groupSize").isJsonNull()).isTrue();
    assertThat(rows(document)).hasSize(TinyModel.LAYERS);
    assertThat(rows(document).get(1).get("lastNeuron").getAsInt()).isEqualTo(48);
  }

  @Test
  void layersGoOneByOne() throws IOException {
    Result result = ablate("--target", "layers", "--out", out.toString());

    assertThat(result.out()).contains("change of accuracy without each layer");
    assertThat(Npy.read(out.resolve("ablation_loss.npy")).shape()).containsExactly(3, 1);
    assertThat(Files.readAllLines(out.resolve("ablation.csv")))
        .hasSize(1 + TinyModel.LAYERS)
        .first()
        .asString()
        .startsWith("layer,accuracy,loss,");
  }

  @Test
  void regressionIsMeasuredByCorrelation() {
    model = TinyModel.regressor(directory.resolve("regression"));
    data = model.data("scores.csv", "text,score\na b,1.5\nc,2\nd e f,0\n");

    JsonObject document = document("--label-column", "score", "--json");

    assertThat(document.get("measure").getAsString()).isEqualTo("pearson");
    assertThat(rows(document).get(0).has("correct")).isFalse();
    assertThat(rows(document).get(0).getAsJsonObject("metrics").keySet())
        .containsExactly("pearson", "spearman");
  }

  @Test
  void aSingleExampleOfARegressionIsMeasuredByItsLoss() {
    model = TinyModel.regressor(directory.resolve("regression"));
    data = model.data("scores.csv", "text,score\na b,1.5\n");

    Result result = ablate("--label-column", "score");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("change of loss without each head");
  }

  @Test
  void theCorrectionIsTheOneAskedFor() {
    Result result = ablate("--correction", "none");
    JsonObject document = document("--correction", "none", "--json");

    assertThat(result.out()).contains("* significant: p, not corrected, at most 0.05; ");
    for (JsonObject row : rows(document)) {
      JsonObject main = row.getAsJsonObject("differences").getAsJsonObject("accuracy");
      assertThat(main.get("correctedP")).isEqualTo(main.get("p"));
    }
  }

  @Test
  void withoutResamplesThereAreNoIntervals() {
    Result result = ablate("--resamples", "0");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).doesNotContain("interval").doesNotContain(" .. ");
  }

  @Test
  void theDocumentHasTheMembersThatItsDocumentationShows() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    String section = page.substring(page.indexOf("### ablation.json"));
    String example = section.substring(section.indexOf("```json") + 7);
    JsonObject documented =
        JsonParser.parseString(example.substring(0, example.indexOf("```"))).getAsJsonObject();

    JsonObject actual = document("--json", "--mode", "keep-one", "--head-mask", "1:1");

    assertThat(actual.keySet()).containsExactlyElementsOf(documented.keySet());
    for (String member : List.of("counts", "settings", "provenance", "run")) {
      assertThat(actual.getAsJsonObject(member).keySet())
          .as(member)
          .containsExactlyElementsOf(documented.getAsJsonObject(member).keySet());
    }
    JsonObject row = rows(actual).get(0);
    JsonObject documentedRow = rows(documented).get(0);
    assertThat(row.keySet()).containsExactlyElementsOf(documentedRow.keySet());
    assertThat(difference(row).keySet())
        .containsExactlyElementsOf(difference(documentedRow).keySet());
  }

  private static JsonObject difference(JsonObject row) {
    return row.getAsJsonObject("differences").getAsJsonObject("accuracy");
  }

  @Test
  void anInterruptBeforeTheFirstBatchLeavesNothing() {
    Thread.currentThread().interrupt();

    Result result = ablate("--out", out.toString());

    assertThat(Thread.interrupted()).isFalse();
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.err()).isEqualTo("bertology: interrupted; nothing was written\n");
    assertThat(directory.resolve("deep")).doesNotExist();
  }

  @Test
  void aDirectoryThatIsNotEmptyIsRefusedBeforeTheWork() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("notes.txt"), "mine");

    Result result = ablate("--out", out.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "bertology: output directory '%s' is not empty; choose another, or replace files in it with --force\n"
                .formatted(out));
  }
}
