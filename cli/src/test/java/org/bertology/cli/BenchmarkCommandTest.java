package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Cut;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's forms side by side, with processes of this program on engines of the test module. */
class BenchmarkCommandTest {
  @TempDir Path directory;

  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
  }

  private Result benchmark(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("benchmark", "--model=" + model.directory(), "--examples=4", "--threads=1"));
    words.addAll(List.of(more));
    List.of("--backends=first", "--batch-sizes=1,3", "--lengths=5", "--repetitions=2").stream()
        .filter(usual -> words.stream().noneMatch(word -> word.startsWith(name(usual))))
        .forEach(words::add);
    return Result.of(new ComparedModule(), words.toArray(String[]::new));
  }

  private static String name(String option) {
    return option.substring(0, option.indexOf('='));
  }

  private static JsonObject document(Result result) {
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void aMaskMakesThreeFormsSideBySide() {
    Result result = benchmark("--head-mask", "1:1,2 3:4", "--layer-mask", "2");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .containsPattern("dense +12 ")
        .containsPattern("masked +12 ")
        .containsPattern("cut +5 ")
        .contains("1 thread: examples per second, median (10th to 90th percentile) of 2 passes")
        .containsPattern("\n +1 +5 ( +\\d+\\.\\d \\(\\d+\\.\\d to \\d+\\.\\d\\)){1} ")
        .containsPattern("\n +3 +5 ")
        .containsPattern("cutting is (a gain|no gain) at ");
  }

  @Test
  void aPrunedDirectoryTellsTheMask() {
    Path pruned = directory.resolve("pruned");
    try (OpenModel open =
        OpenModel.open(Checkpoint.open(model.directory()), new ReferenceBackend())) {
      ModelMask mask =
          ModelMask.ones(open.model().config()).without(List.of(Unit.head(0, 1), Unit.layer(1)));
      try (StagedModel staged =
          StagedModel.write(
              Cut.of(open.model().checkpoint(), mask), Optional.empty(), pruned, Existing.REFUSE)) {
        assertThat(staged.publish()).isNotEmpty();
      }
    }

    Result result = benchmark("--pruned=" + pruned, "--json");

    JsonObject sizes = document(result).getAsJsonObject("sizes");
    assertThat(result.err()).isEmpty();
    assertThat(sizes.keySet()).containsExactly("dense", "masked", "cut");
    assertThat(sizes.getAsJsonObject("cut").get("heads").getAsInt()).isEqualTo(12 - 4 - 1);
  }

  @Test
  void withoutAMaskTheModelIsTimedAlone() {
    Result result = benchmark("--json");

    JsonObject sizes = document(result).getAsJsonObject("sizes");
    assertThat(sizes.keySet()).containsExactly("dense");
    assertThat(sizes.getAsJsonObject("dense").get("heads").getAsInt()).isEqualTo(12);
  }

  @Test
  void theDocumentHoldsEveryPass() {
    Result result = benchmark("--head-mask", "1:1", "--json");

    JsonObject document = document(result);
    JsonObject engine =
        document.getAsJsonObject("run").getAsJsonArray("engines").get(0).getAsJsonObject();
    JsonObject cell = engine.getAsJsonArray("workloads").get(1).getAsJsonObject();
    assertThat(document.get("kind").getAsString()).isEqualTo("benchmark");
    assertThat(engine.get("threads").getAsInt()).isEqualTo(1);
    assertThat(engine.getAsJsonObject("peakBytes").keySet())
        .containsExactly("dense", "masked", "cut");
    assertThat(cell.get("batch").getAsInt()).isEqualTo(3);
    assertThat(cell.get("length").getAsInt()).isEqualTo(5);
    assertThat(cell.getAsJsonObject("cut").getAsJsonArray("seconds")).hasSize(2);
    assertThat(cell.getAsJsonObject("cut").getAsJsonObject("ratio").get("median").getAsDouble())
        .isPositive();
    assertThat(cell.getAsJsonObject("dense").has("ratio")).isFalse();
  }

  @Test
  void examplesOfAFileAreRunAsTheyAre() {
    Path data = model.examples(4);

    Result result =
        Result.of(
            new ComparedModule(),
            "benchmark",
            "--model=" + model.directory(),
            "--backends=first",
            "--batch-sizes=2",
            "--data=" + data,
            "--examples=4",
            "--repetitions=2",
            "--json");

    assertThat(result.err()).isEmpty();
    JsonObject run = document(result).getAsJsonObject("run");
    JsonObject engine = run.getAsJsonArray("engines").get(0).getAsJsonObject();
    assertThat(
            engine.getAsJsonArray("workloads").get(0).getAsJsonObject().get("length").isJsonNull())
        .isTrue();
  }

  @Test
  void theResultIsWrittenWhereAsked() {
    Path out = directory.resolve("result");

    Result result = benchmark("--out", out.toString());

    assertThat(result.out()).endsWith("in %s: benchmark.json\n".formatted(out));
    assertThat(Files.exists(out.resolve("benchmark.json"))).isTrue();
  }

  @Test
  void enginesThatFailDoNotLoseTheOthers() {
    Result result = benchmark("--backends=broken,onnx,first");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.out())
        .contains("broken was not timed: broken did not load: its library needs another system")
        .contains("onnx was not timed: the backend 'onnx' is missing")
        .contains("of 2 passes in turn");
  }

  @Test
  void wrongSettingsAreRefusedBeforeAnythingIsTimed() {
    assertRefused(
        "batch size, examples and length must be at least 1, got 0, 4 and 5", "--batch-sizes=0");
    assertRefused("a length of 41 tokens is more than the model's 40 positions", "--lengths=41");
    assertRefused(
        "repetitions must be at least 2, so that there is a spread, got 1", "--repetitions=1");
    assertRefused("no backend is named 'frist'; did you mean 'first'?", "--backends=frist");
    assertRefused(
        "all 12 heads of all layers are to go; keep at least one",
        "--head-mask=1:1,2,3,4 2:1,2,3,4 3:1,2,3,4");
  }

  private void assertRefused(String message, String option) {
    Result result = benchmark(option);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("bertology: %s\n".formatted(message));
  }
}
