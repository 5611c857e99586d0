package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.bertology.core.metric.Correlation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MichelCommandTest {
  private static final int EXAMPLES = 12;
  private static final int UNITS = TinyModel.LAYERS * TinyModel.HEADS;
  private static final List<String> FILES =
      List.of("leave_one_out.csv", "keep_one.csv", "curve.csv", "michel.json");

  /** Documents have shortest decimals of what was computed. */
  private static final Offset<Double> ROUNDING = within(1e-9);

  @TempDir Path directory;

  private TinyModel model;
  private Path data;
  private Path other;
  private Path out;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(EXAMPLES);
    other = model.data("other.tsv", "sentence\tlabel\na b c\t0\nq good\t1\nz\t2\ngood x\t0\n");
    out = directory.resolve("out");
  }

  private Result michel(String... more) {
    return on(new ReferenceModule(), more);
  }

  private Result on(Module backends, String... more) {
    List<String> words = new ArrayList<>(List.of("experiment", "michel", "--resamples=20"));
    words.addAll(List.of(more));
    return run(backends, words);
  }

  private Result run(Module backends, List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--model", model.directory().toString(), "--data", data.toString()));
    if (words.stream().noneMatch(word -> word.startsWith("--backend"))) {
      all.addAll(List.of("--backend", ReferenceModule.NAME));
    }
    return Result.of(backends, all.toArray(String[]::new));
  }

  private JsonObject document(String... more) {
    Result result = michel(more);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private JsonObject documentOf(String... words) {
    Result result = run(new ReferenceModule(), List.of(words));
    assertThat(result.exitCode()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private static List<JsonObject> objects(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  @Test
  void theFiguresAndTablesComeInTheOrderOfThePaper() {
    Result result = michel("--no-speed", "--other-data", other.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("model       model (3 layers, 12 heads)")
        .containsPattern(
            "all heads: accuracy 0\\.\\d{4} \\(95% interval \\d\\.\\d{4} \\.\\. \\d\\.\\d{4}\\), loss")
        .containsSubsequence(
            "== one head less (section 3.2)",
            "change of accuracy without each head",
            "* significant: p, corrected by holm, at most 0.05; ",
            "== a single head in a layer (section 3.3)",
            "the best head of each layer",
            "== the same heads on other data (section 3.4)",
            "Pearson's r over 12 heads without each, data.tsv and other.tsv",
            "\nloss        ",
            "== fewer and fewer heads (section 4)",
            "accuracy by order, heads scored on the same examples",
            "heads gone    gradient  leave-one-out  random: mean (range)")
        .containsPattern("\n   6   50%      \\d\\.\\d{4}         \\d\\.\\d{4}  \\d\\.\\d{4} \\(")
        .doesNotContain("section 4.3");
  }

  @Test
  void headsAreAblatedAsTheCommandOfThatNameDoes() {
    JsonObject study = document("--no-speed", "--json");

    JsonObject without = documentOf("ablate", "--json", "--resamples=20");
    JsonObject alone = documentOf("ablate", "--json", "--resamples=20", "--mode=keep-one");
    assertThat(study.getAsJsonObject("leaveOneOut").get("ablated"))
        .isEqualTo(without.get("ablated"));
    assertThat(study.getAsJsonObject("keepOne").get("ablated")).isEqualTo(alone.get("ablated"));
    assertThat(study.getAsJsonObject("keepOne").get("bestOfLayers"))
        .isEqualTo(alone.get("bestOfLayers"));
    JsonObject base = study.getAsJsonObject("base");
    assertThat(base.get("metrics")).isEqualTo(without.get("metrics"));
    assertThat(base.get("counts")).isEqualTo(without.get("counts"));
    assertThat(base.getAsJsonArray("interval")).hasSize(2);
  }

  @Test
  void curvesAreThoseOfPruneWithLeaveOneOutTakenFromTheAblation() {
    JsonObject curves = document("--no-speed", "--json").getAsJsonObject("curves");

    JsonObject pruning =
        documentOf(
            "prune",
            "--json",
            "--resamples=20",
            "--threshold=0.9",
            "--amounts=10%,20%,30%,40%,50%,60%,70%,80%,90%,100%",
            "--baselines=leave-one-out,random",
            "--out=" + directory.resolve("pruned"));
    assertThat(curves.get("curve")).isEqualTo(pruning.get("curve"));
    assertThat(curves.get("baselines")).isEqualTo(pruning.get("baselines"));
    assertThat(curves.get("areas")).isEqualTo(pruning.get("areas"));
  }

  @Test
  void theHistogramCountsEveryHead() {
    JsonObject leaveOneOut = document("--no-speed", "--json").getAsJsonObject("leaveOneOut");

    JsonArray counts = leaveOneOut.getAsJsonObject("histogram").getAsJsonArray("counts");
    assertThat(counts.asList().stream().mapToInt(JsonElement::getAsInt).sum()).isEqualTo(UNITS);
  }

  @Test
  void transferIsTheCorrelationOfWhatEachHeadDoesOnTheTwoFiles() {
    JsonObject study = document("--no-speed", "--json", "--other-data", other.toString());

    data = other;
    JsonObject ofOther = document("--no-speed", "--json");
    List<JsonObject> transfer = objects(study.get("transfer"));
    assertThat(transfer)
        .extracting(each -> each.get("measure").getAsString())
        .containsExactly("accuracy", "loss");
    JsonObject loss = transfer.get(1);
    assertThat(loss.get("pearson").getAsDouble())
        .isCloseTo(Correlation.pearson(losses(study), losses(ofOther)), ROUNDING);
    assertThat(loss.get("low").getAsDouble()).isLessThan(loss.get("high").getAsDouble());
    assertThat(study.getAsJsonObject("data").getAsJsonObject("other").get("name").getAsString())
        .isEqualTo("other.tsv");
  }

  private static double[] losses(JsonObject study) {
    return objects(study.getAsJsonObject("leaveOneOut").get("ablated")).stream()
        .mapToDouble(head -> head.get("loss").getAsDouble())
        .toArray();
  }

  @Test
  void headsMayBeScoredOnOtherExamples() {
    Result text = michel("--no-speed", "--importance-data", other.toString());
    JsonObject own = document("--no-speed", "--json");
    JsonObject study = document("--no-speed", "--json", "--importance-data", other.toString());

    assertThat(text.out()).contains("accuracy by order, heads scored on other.tsv");
    assertThat(study.get("leaveOneOut")).isEqualTo(own.get("leaveOneOut"));
    assertThat(study.getAsJsonObject("curves").get("curve"))
        .isNotEqualTo(own.getAsJsonObject("curves").get("curve"));
  }

  @Test
  void theModelIsTimedWithoutHalfOfItsHeads() throws IOException {
    Result result =
        on(
            new ComparedModule(),
            "--backend=first",
            "--repetitions=2",
            "--threads=1",
            "--out=" + out);

    assertThat(result.out())
        .contains("== speed without half of the heads (section 4.3)")
        .containsPattern("dense +12 ")
        .containsPattern("cut +6 ");
    JsonObject study =
        JsonParser.parseString(Files.readString(out.resolve("michel.json"))).getAsJsonObject();
    JsonObject speed = study.getAsJsonObject("speed");
    assertThat(speed.getAsJsonObject("sizes").keySet()).containsExactly("dense", "cut");
    JsonObject fifth = objects(study.getAsJsonObject("curves").get("curve")).get(5);
    assertThat(fifth.get("removed").getAsInt()).isEqualTo(UNITS / 2);
    assertThat(speed.get("mask")).isEqualTo(fifth.get("mask"));
    JsonObject engine =
        study.getAsJsonObject("run").getAsJsonArray("engines").get(0).getAsJsonObject();
    assertThat(objects(engine.get("workloads")))
        .extracting(cell -> cell.get("batch").getAsInt())
        .containsExactly(1, 4, 16, 64);
  }

  /** The program that is started for the timing does not have the backend of this test. */
  @Test
  void whatCannotBeTimedIsToldAndTheRestIsThere() {
    Result result = michel("--repetitions=2", "--out=" + out);

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.out()).contains("reference was not timed: ");
    assertThat(out.toFile().list()).containsExactlyInAnyOrderElementsOf(FILES);
  }

  @Test
  void allFilesAreWrittenAndARerunGivesTheSameBytesExceptForTheRun() throws IOException {
    Path again = directory.resolve("again");

    Result result = michel("--no-speed", "--out", out.toString());
    michel("--no-speed", "--out", again.toString(), "--threads", "1");

    assertThat(result.out()).endsWith("in %s: %s\n".formatted(out, String.join(", ", FILES)));
    assertSameResult(again, out);
    assertThat(Files.readAllLines(out.resolve("leave_one_out.csv"))).hasSize(1 + UNITS);
    assertThat(Files.readAllLines(out.resolve("keep_one.csv"))).hasSize(1 + UNITS);
    assertThat(Files.readAllLines(out.resolve("curve.csv"))).hasSize(1 + 11 * 7);
  }

  private static void assertSameResult(Path actual, Path expected) throws IOException {
    assertThat(actual.toFile().list()).containsExactlyInAnyOrderElementsOf(FILES);
    for (String name : FILES.subList(0, FILES.size() - 1)) {
      assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
    }
    assertThat(beforeRun(actual)).isEqualTo(beforeRun(expected));
  }

  private static String beforeRun(Path target) throws IOException {
    String document = Files.readString(target.resolve("michel.json"));
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  /** In every part of the study: a batch that was run is not run again. */
  @ParameterizedTest
  @CsvSource({"0.1", "0.5", "0.9"})
  void aStudyThatWasCutOffGoesOn(double done) throws IOException {
    Path whole = directory.resolve("whole");
    InterruptedModule counting = new InterruptedModule(100_000);
    String[] options = {
      "--no-speed", "--threads=1", "--batch-tokens=16", "--other-data=" + other, "--out=" + whole
    };
    assertThat(on(counting, options).exitCode()).isZero();
    int batches = 100_000 - counting.left();
    int first = (int) (done * batches);
    options[options.length - 1] = "--out=" + out;

    Result broken = on(new InterruptedModule(first), options);
    InterruptedModule rest = new InterruptedModule(batches);
    Result resumed = on(rest, options);

    assertThat(broken.exitCode()).isEqualTo(ExitCode.FAILURE);
    assertThat(broken.err()).contains("the power went out");
    assertThat(resumed.exitCode()).isZero();
    assertThat(rest.left()).isPositive();
    assertSameResult(out, whole);
  }

  @Test
  void theJournalOfOtherDataIsRefused() {
    String[] options = {"--no-speed", "--threads=1", "--out=" + out, "--other-data=" + other};
    Result broken = on(new InterruptedModule(10), options);
    options[3] = "--random-draws=6";

    Result result = michel(options);

    assertThat(broken.exitCode()).isEqualTo(ExitCode.FAILURE);
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("belongs to another run, which differs in: data, settings;");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --resamples=-1    | resamples must not be negative, got -1
          --random-draws=-1 | random draws must not be negative, got -1
          --repetitions=1   | repetitions must be at least 2, so that there is a spread, got 1
          """)
  void whatMakesNoSenseIsRefused(String option, String message) {
    Result result = run(new ReferenceModule(), List.of("experiment", "michel", option));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).isEqualTo("bertology: %s\n".formatted(message));
  }

  @Test
  void aModelWithoutATaskIsRefused() {
    model = TinyModel.encoder(directory.resolve("encoder"));

    Result result = michel("--no-speed");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("is an encoder without one");
  }

  @Test
  void aStudyMustBeNamed() {
    Result result = Result.of("experiment");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("bertology: a study is missing: michel");
  }

  @Test
  void theDocumentHasTheMembersThatItsDocumentationShows() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    String section = page.substring(page.indexOf("### michel.json"));
    String example = section.substring(section.indexOf("```json") + 7);
    JsonObject documented =
        JsonParser.parseString(example.substring(0, example.indexOf("```"))).getAsJsonObject();

    Result result =
        on(
            new ComparedModule(),
            "--backend=first",
            "--repetitions=2",
            "--other-data=" + other,
            "--json");

    JsonObject actual = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(actual.keySet()).containsExactlyElementsOf(documented.keySet());
    for (String member :
        List.of("base", "leaveOneOut", "keepOne", "curves", "speed", "data", "settings", "run")) {
      assertThat(actual.getAsJsonObject(member).keySet())
          .as(member)
          .containsExactlyElementsOf(documented.getAsJsonObject(member).keySet());
    }
    assertThat(objects(actual.get("transfer")).get(0).keySet())
        .containsExactlyElementsOf(objects(documented.get("transfer")).get(0).keySet());
  }
}
