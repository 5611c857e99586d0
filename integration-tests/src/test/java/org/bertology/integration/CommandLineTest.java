package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.SafeTensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The command line as a process on ONNX Runtime, on the example model, against what PyTorch
 * computes ({@code examples/minilm-sentiment/reference}).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
  /** Of the largest entry; both sides compute in float32. */
  private static final double TOLERANCE = 1e-4;

  private static final long PATIENCE_SECONDS = 240;
  private static final Path EXAMPLE =
      Path.of("..", "examples", "minilm-sentiment").toAbsolutePath().normalize();

  @TempDir Path directory;

  private JsonObject reference = new JsonObject();
  private JsonObject document = new JsonObject();
  private String printed = "";
  private Path out = Path.of("");

  @BeforeAll
  void runImportanceOnce(@TempDir Path shared) throws Exception {
    reference = read(EXAMPLE.resolve("reference").resolve("reference.json"));
    out = shared.resolve("out");
    printed =
        bertology(
            "importance",
            "--model",
            EXAMPLE.toString(),
            "--task",
            "sst-2",
            "--data",
            EXAMPLE.toString(),
            "--entropy",
            "--per-example",
            "--out",
            out.toString());
    document = read(out.resolve("importance.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "gradient, gradient",
    "signed, signed",
    "fisher, fisher",
    "token-gradient, token_gradient",
    "batch-gradient, batch_gradient_batch_1_file_order",
    "hf-script, hf_script_batch_1_file_order"
  })
  void everyDefinitionAgreesWithPyTorch(String definition, String name) {
    JsonObject scores = document.getAsJsonObject("definitions").getAsJsonObject(definition);

    assertClose(scores.getAsJsonArray("scores"), expected(name));
  }

  @Test
  void entropyAndConfidenceAgreeWithPyTorch() {
    assertClose(document.getAsJsonArray("entropy"), expected("entropy_nats"));
    assertClose(document.getAsJsonArray("confidence"), expected("confidence"));
  }

  @Test
  void thePerformanceIsThatOfPyTorch() {
    JsonObject dev = reference.getAsJsonObject("dev");

    assertThat(document.getAsJsonObject("metrics").get("accuracy").getAsDouble())
        .isEqualTo(dev.get("accuracy").getAsDouble());
    assertThat(printed).contains("correct     %d of 600".formatted(dev.get("correct").getAsInt()));
  }

  @Test
  void scoresOfExamplesAgreeWithPyTorch() {
    double[] actual = Npy.read(out.resolve("per_example.npy")).toDoubles();
    Path expected = EXAMPLE.resolve("reference").resolve("dev_head_mask_gradient_per_example.npy");

    assertClose(actual, Npy.read(expected).toDoubles());
  }

  @Test
  void theDemoRunsAndExplains() throws Exception {
    String text = bertology("demo");

    assertThat(text)
        .startsWith("The example is MiniLM-L6")
        .contains("importance of heads by gradient, not normalised")
        .contains("How to read it.")
        .contains("mask the 12 heads that rank last");
  }

  @Test
  void gradientsOfContextsAreWritten() throws Exception {
    Path file = directory.resolve("activations.safetensors");

    bertology(
        "activations",
        "--model",
        EXAMPLE.toString(),
        "--text",
        "A fine film.",
        "--label",
        "positive",
        "--hooks",
        "contexts.gradient,attentions",
        "--out",
        file.toString());

    SafeTensors tensors = SafeTensors.open(file);
    assertThat(tensors.shape("layer.5.attention.context.gradient")).startsWith(1, 12).endsWith(32);
  }

  @Test
  void aPrunedModelEvaluatesAsItsPruningSays(@TempDir Path directory) throws Exception {
    Path pruned = directory.resolve("pruned");
    String data = EXAMPLE.resolve("dev.tsv").toString();
    bertology(
        "prune",
        "--model",
        EXAMPLE.toString(),
        "--data",
        data,
        "--limit",
        "100",
        "--amounts",
        "50%",
        "--baselines",
        "none",
        "--out",
        pruned.toString());

    JsonObject result = read(pruned.resolve("prune.json"));
    String evaluation =
        bertology(
            "evaluate",
            "--model",
            pruned.resolve("model").toString(),
            "--data",
            data,
            "--limit",
            "100",
            "--json");
    JsonObject metrics =
        JsonParser.parseString(evaluation).getAsJsonObject().getAsJsonObject("metrics");

    assertThat(metrics).isEqualTo(result.getAsJsonObject("pruned").getAsJsonObject("metrics"));
    assertThat(result.getAsJsonObject("proof").get("relative").getAsDouble()).isLessThan(TOLERANCE);
    assertThat(Npy.read(pruned.resolve("head_mask.npy")).shape()).containsExactly(6, 12);
  }

  @Test
  void aStudyAblatesAsAblateDoesAndDrawsEveryCurve() throws Exception {
    String data = EXAMPLE.resolve("dev.tsv").toString();
    String[] subject = {
      "--model", EXAMPLE.toString(), "--data", data, "--limit", "20", "--resamples", "50", "--json"
    };

    JsonObject study = json(subject, "experiment", "michel", "--no-speed");
    JsonObject ablation = json(subject, "ablate");

    JsonObject leaveOneOut = study.getAsJsonObject("leaveOneOut");
    JsonObject curves = study.getAsJsonObject("curves");
    assertThat(study.get("kind").getAsString()).isEqualTo("experiment");
    assertThat(leaveOneOut.get("ablated")).isEqualTo(ablation.get("ablated"));
    assertThat(study.getAsJsonObject("keepOne").getAsJsonArray("bestOfLayers")).hasSize(6);
    assertThat(curves.getAsJsonArray("curve")).hasSize(11);
    assertThat(curves.getAsJsonObject("areas").keySet())
        .startsWith("gradient", "leave-one-out", "random-1")
        .hasSize(7);
  }

  private JsonObject json(String[] options, String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(options));
    return JsonParser.parseString(bertology(words.toArray(String[]::new))).getAsJsonObject();
  }

  @Test
  void twoProcessesOfOneEngineComputeTheSameBits() throws Exception {
    String text =
        bertology(
            "compare",
            "--backends",
            "onnx,onnx",
            "--limit",
            "40",
            "--repetitions",
            "2",
            "--tolerance",
            "0",
            "--json");

    JsonObject comparison = JsonParser.parseString(text).getAsJsonObject();
    assertThat(comparison.get("complete").getAsBoolean()).isTrue();
    assertThat(comparison.get("withinTolerance").getAsBoolean()).isTrue();
    assertThat(comparison.getAsJsonArray("differences")).hasSize(1 + 5 * 6 + 2);
    assertThat(comparison.getAsJsonObject("run").getAsJsonArray("engines")).hasSize(2);
  }

  @Test
  void theDoctorFindsOnnxRuntimeAndWhereItLies() throws Exception {
    JsonObject findings = JsonParser.parseString(bertology("doctor", "--json")).getAsJsonObject();

    JsonObject onnx = findings.getAsJsonArray("engines").get(0).getAsJsonObject();
    assertThat(onnx.get("backend").getAsString()).isEqualTo("onnx");
    assertThat(onnx.get("state").getAsString()).isEqualTo("works");
    assertThat(onnx.get("version").getAsString()).startsWith("ONNX Runtime 1.");
    assertThat(onnx.get("jars").toString()).contains("onnxruntime-");
  }

  private JsonArray expected(String name) {
    return reference.getAsJsonObject("importance_dev").getAsJsonArray(name);
  }

  private static void assertClose(JsonArray actual, JsonArray expected) {
    assertClose(flat(actual), flat(expected));
  }

  private static void assertClose(double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) / largest)
          .as("entry %d: %s for %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(TOLERANCE);
    }
  }

  private static double[] flat(JsonArray rows) {
    List<Double> values = new ArrayList<>();
    for (JsonElement row : rows) {
      row.getAsJsonArray().forEach(value -> values.add(value.getAsDouble()));
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  /** As the launcher does: newer versions of Java warn of what libraries do with native memory. */
  private static List<String> nativeAccess() {
    return Runtime.version().feature() < 24
        ? List.of()
        : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  }

  /** What the program prints; it must end well and say nothing else. */
  @Test
  void anExportedFileIsTheModelAgain() throws Exception {
    Path file = directory.resolve("exported.onnx");
    bertology(
        "export", "--model", EXAMPLE.toString(), "--format", "onnx", "--out", file.toString());
    for (String name : List.of("tokenizer.json", "tokenizer_config.json", "vocab.txt")) {
      Files.copy(EXAMPLE.resolve(name), directory.resolve(name));
    }

    JsonObject exported = evaluate(file);

    JsonObject expected = evaluate(EXAMPLE);
    assertThat(exported.get("metrics")).isEqualTo(expected.get("metrics"));
    assertThat(exported.get("loss")).isEqualTo(expected.get("loss"));
    assertThat(
            exported
                .getAsJsonObject("provenance")
                .getAsJsonObject("model")
                .get("name")
                .getAsString())
        .isEqualTo("exported.onnx");
  }

  private JsonObject evaluate(Path model) throws Exception {
    return JsonParser.parseString(
            bertology(
                "evaluate",
                "--model",
                model.toString(),
                "--task",
                "sst-2",
                "--data",
                EXAMPLE.toString(),
                "--limit",
                "64",
                "--json"))
        .getAsJsonObject();
  }

  private String bertology(String... arguments) throws Exception {
    Path errors = Files.createTempFile("bertology", ".err");
    Path results = Files.createTempFile("bertology", ".out");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(nativeAccess());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.bertology.cli.Main");
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(results.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(errors).isEmptyFile();
      assertThat(process.exitValue()).isZero();
      return Files.readString(results);
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
      Files.delete(results);
    }
  }
}
