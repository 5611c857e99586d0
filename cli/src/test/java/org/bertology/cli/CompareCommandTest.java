package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines side by side, with processes of this program on the engines of the test module. */
class CompareCommandTest {
  private static final int EXAMPLES = 6;

  @TempDir Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
    data = model.examples(EXAMPLES);
  }

  @Test
  void enginesThatComputeAlikeDoNotDiffer() {
    Result result = compare("first,second");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("second against first, the largest differences on the first 6 examples")
        .containsPattern("hidden states +0\\.00e\\+00 +0\\.00e\\+00 +-")
        .contains("Spearman 1.000000, Kendall 1.000000, 10 of the first 10 the same")
        .containsPattern("\nfirst +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d\\d s")
        .contains("the largest difference is 0.00e+00 of the largest entry, within the tolerance");
  }

  @Test
  void whatAnEnginePrintsIsNoAnswerAndWhatItWarnsOfIsPassedOn() {
    Result result = compare("first,second");
    Result quiet = compare("first,second", "--quiet");

    assertThat(result.err()).isEqualTo("bertology: warning: second: collects usage data\n");
    assertThat(quiet.err()).isEmpty();
  }

  @Test
  void aWrongHeadIsFoundNamedAndHasItsOwnExitCode() {
    Result result = compare("first,shifted");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(result.out())
        .containsPattern(
            "contexts +5\\.00e-01 +\\S+ +layer\\.1\\.attention\\.context \\(layer 2, head 3\\)")
        .contains("above the tolerance of 1.00e-04");
    assertThat(result.err())
        .matches(
            "bertology: shifted differs from first by \\S+ of the largest entry at"
                + " layer\\.1\\.attention\\.context \\(layer 2, head 3\\), more than the tolerance"
                + " 1\\.00e-04\n");
  }

  @Test
  void theToleranceDecides() {
    Result result = compare("first,shifted", "--tolerance", "100");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anEngineThatIsMissingDoesNotLoseTheOthers() {
    Result result = compare("onnx,first,first");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.out())
        .contains("first (2) against first, the largest differences")
        .contains("onnx        not compared: the backend 'onnx' is missing");
    assertThat(result.err())
        .startsWith("bertology: onnx was not compared: the backend 'onnx' is missing from this")
        .endsWith("; add org.bertology:bertology-backend-onnx\n")
        .hasLineCount(1);
  }

  @Test
  void enginesThatDoNotLoadOrCrashDoNotLoseTheOthers() {
    Result result = compare("first,broken,crashing,shifted", "--tolerance", "100");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.out()).contains("shifted against first");
    assertThat(result.err().lines())
        .containsExactly(
            "bertology: broken was not compared: broken did not load: its library needs another system",
            "bertology: crashing was not compared: the process ended with signal 9 (SIGKILL)");
  }

  @Test
  void aDifferenceCountsMoreThanAMissingEngine() {
    Result result = compare("first,shifted,onnx");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(result.err()).hasLineCount(2);
  }

  @Test
  void withoutAnyEngineThereIsNoResult() {
    Result result = compare("broken,onnx");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("bertology: no engine could be run; broken: broken did not load: ")
        .contains("; onnx: the backend 'onnx' is missing");
  }

  @Test
  void aNameOfNoEngineIsAMistakeOnTheCommandLine() {
    Result result = compare("first,secnd");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo("bertology: no backend is named 'secnd'; did you mean 'second'?\n");
  }

  @Test
  void oneEngineIsNotEnough() {
    Result result = compare("first");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "bertology: comparing takes two engines, got only 'first'; an engine may be named twice\n");
  }

  @Test
  void anInstallationWithoutEnginesSaysWhatToAdd() {
    Result result = Result.of(binder -> {}, "compare");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.err())
        .contains("comparing takes two engines, and this installation has none; add one of")
        .contains("org.bertology:bertology-backend-djl");
  }

  @Test
  void aModelNeedsData() {
    Result result =
        Result.of(
            new ComparedModule(), "compare", "--backends", "first,second", "--model", "model");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "bertology: expected both --model and --data, or neither for the example, got only"
                + " --model; see 'bertology compare --help'\n");
  }

  @Test
  void wrongDataIsFoundBeforeAnyEngineStarts() {
    data = model.data("wrong.tsv", "sentence\tlabel\na\tno\n");

    Result result = compare("broken,crashing");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(result.err()).contains("wrong.tsv").hasLineCount(1);
  }

  @Test
  void optionsOfReadingAndRunningReachTheEngines() {
    JsonObject document =
        document(
            compare(
                    "first,first",
                    "--json",
                    "--limit",
                    "4",
                    "--threads",
                    "1",
                    "--batch-tokens=64",
                    "--hook-examples",
                    "2",
                    "--max-length",
                    "9")
                .out());

    assertThat(document.getAsJsonObject("counts").get("examples").getAsInt()).isEqualTo(4);
    JsonObject settings = document.getAsJsonObject("settings");
    assertThat(settings.get("batchTokens").getAsInt()).isEqualTo(64);
    assertThat(settings.get("workers").getAsInt()).isOne();
    JsonObject speed =
        document.getAsJsonObject("run").getAsJsonArray("engines").get(0).getAsJsonObject();
    double rate = 4 / speed.getAsJsonArray("runSeconds").get(0).getAsDouble();
    assertThat(speed.getAsJsonObject("examplesPerSecond").get("median").getAsDouble())
        .isCloseTo(rate, withPercentage(5));
  }

  @Test
  void theDocumentHoldsEveryHookAndTheFileIsTheSame() throws Exception {
    Path out = directory.resolve("out");

    Result result = compare("first,shifted", "--json", "--out", out.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(out.resolve("comparison.json")).hasContent(result.out());
    JsonObject document = document(result.out());
    assertThat(document.get("kind").getAsString()).isEqualTo("comparison");
    assertThat(document.get("withinTolerance").getAsBoolean()).isFalse();
    assertThat(document.getAsJsonObject("worst").get("head").getAsInt()).isEqualTo(3);
    JsonArray differences = document.getAsJsonArray("differences");
    List<String> hooks = new ArrayList<>();
    differences.forEach(entry -> hooks.add(entry.getAsJsonObject().get("value").getAsString()));
    assertThat(hooks)
        .hasSize(1 + 5 * TinyModel.LAYERS + 2)
        .contains(
            "embeddings",
            "layer.2",
            "layer.0.attention.probabilities",
            "layer.1.attention.context",
            "logits",
            "loss",
            "layer.2.attention.context.gradient",
            "layer.0.attention.gate.gradient");
    assertThat(document.getAsJsonObject("provenance").keySet()).doesNotContain("engine");
    assertThat(document.getAsJsonObject("scores").keySet()).containsExactly("first", "shifted");
  }

  @Test
  void theDocumentHasTheMembersThatItsDocumentationShows() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    String section = page.substring(page.indexOf("### comparison.json"));
    String example = section.substring(section.indexOf("```json") + 7);
    JsonObject documented = document(example.substring(0, example.indexOf("```")));

    JsonObject actual = document(compare("first,second", "--json").out());

    assertThat(actual.keySet()).containsExactlyElementsOf(documented.keySet());
    for (String member : List.of("worst", "counts", "settings", "provenance", "run")) {
      assertThat(actual.getAsJsonObject(member).keySet())
          .as(member)
          .containsExactlyElementsOf(documented.getAsJsonObject(member).keySet());
    }
    for (String member : List.of("engines", "differences", "importance")) {
      assertThat(first(actual, member).keySet())
          .as(member)
          .containsExactlyElementsOf(first(documented, member).keySet());
    }
    assertThat(first(actual.getAsJsonObject("run"), "engines").keySet())
        .containsExactlyElementsOf(first(documented.getAsJsonObject("run"), "engines").keySet());
  }

  private static JsonObject first(JsonObject document, String member) {
    return document.getAsJsonArray(member).get(0).getAsJsonObject();
  }

  private static JsonObject document(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private Result compare(String engines, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "compare",
                "--backends",
                engines,
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--repetitions",
                "1"));
    arguments.addAll(List.of(more));
    return Result.of(new ComparedModule(), arguments.toArray(String[]::new));
  }
}
