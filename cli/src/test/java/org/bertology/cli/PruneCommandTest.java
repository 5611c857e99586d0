package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneCommandTest {
  private static final int EXAMPLES = 9;
  private static final List<String> FILES =
      List.of("curve.csv", "head_mask.npy", "model", "prune.json");

  @TempDir Path directory;

  private TinyModel model;
  private Path data;
  private Path out;
  private int resamples = 20;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(EXAMPLES);
    out = directory.resolve("out");
  }

  private Result prune(String... more) {
    return pruneModel(model.directory(), more);
  }

  private Result pruneModel(Path pruned, String... more) {
    return Result.of(words(pruned, more));
  }

  private String[] words(Path pruned, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "prune",
                "--model",
                pruned.toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME,
                "--resamples=" + resamples));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Result pruneTo(Path target, String... more) {
    return prune(
        Stream.concat(Stream.of("--out", target.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  /** On an engine that is wrong about cut models. */
  private Result pruneWrongly(String... more) {
    String[] words = words(model.directory(), more);
    return Result.of(
        MaskOnlyBackend.module(),
        Stream.concat(Stream.of(words), Stream.of("--out", out.toString())).toArray(String[]::new));
  }

  private static JsonObject document(Path target) throws IOException {
    return JsonParser.parseString(Files.readString(target.resolve("prune.json"))).getAsJsonObject();
  }

  private static List<String> names(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String beforeRun(Path target) throws IOException {
    String document = Files.readString(target.resolve("prune.json"));
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  private static List<Integer> left(JsonElement steps) {
    return StreamSupport.stream(steps.getAsJsonArray().spliterator(), false)
        .map(step -> step.getAsJsonObject().get("left").getAsInt())
        .toList();
  }

  @Test
  void halfOfTheHeadsGoAndTheRestIsProvenAndSaved() throws IOException {
    Result result = pruneTo(out, "--amounts", "25%,50%");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("note        importance and decisions use the same file; ")
        .contains("pruning heads by gradient, normalised by layer")
        .containsPattern("> {4}2 +6 ")
        .contains("chosen      step 2, the last amount that was asked for")
        .containsPattern("gone        6 of 12 heads: 1:")
        .contains("pruned      model (3 layers, 6 heads)")
        .contains("proof       holds")
        .endsWith("in %s: model, head_mask.npy, curve.csv, prune.json\n".formatted(out));
    assertThat(names(out)).isEqualTo(FILES);
    Result proof =
        Result.of(
            "prove",
            "--model",
            model.directory().toString(),
            "--pruned",
            out.resolve("model").toString(),
            "--data",
            data.toString(),
            "--head-mask",
            out.resolve("head_mask.npy").toString(),
            "--backend",
            ReferenceModule.NAME);
    assertThat(proof.exitCode()).isZero();
  }

  @Test
  void theDocumentHoldsEveryStepOfEveryOrder() throws IOException {
    pruneTo(out, "--amounts", "25%,50%");

    JsonObject json = document(out);
    assertThat(json.get("kind").getAsString()).isEqualTo("pruning");
    assertThat(json.get("metric").getAsString()).isEqualTo("accuracy");
    assertThat(left(json.get("curve"))).containsExactly(12, 9, 6);
    assertThat(left(json.get("baselines"))).hasSize(3 * 7).startsWith(12, 9, 6);
    assertThat(json.getAsJsonObject("areas").keySet())
        .containsExactly(
            "gradient",
            "reverse",
            "leave-one-out",
            "random-1",
            "random-2",
            "random-3",
            "random-4",
            "random-5");
    JsonObject last = json.getAsJsonArray("curve").get(2).getAsJsonObject();
    assertThat(last.get("mask")).isEqualTo(json.get("mask"));
    assertThat(last.keySet())
        .containsExactly(
            "step",
            "removed",
            "left",
            "mask",
            "metrics",
            "interval",
            "loss",
            "parameters",
            "flops",
            "bytes");
    assertThat(json.getAsJsonObject("proof").get("holds").getAsBoolean()).isTrue();
    assertThat(json.getAsJsonObject("data").get("shared").toString())
        .isEqualTo("[[\"importance\",\"decisions\"]]");
    assertThat(json.get("files").toString())
        .isEqualTo("[\"model\",\"head_mask.npy\",\"curve.csv\",\"prune.json\"]");
  }

  @Test
  void theMaskIsTheScriptsFile() throws IOException {
    pruneTo(out, "--amounts", "5");

    Tensor mask = Npy.read(out.resolve("head_mask.npy"));
    assertThat(mask.shape()).containsExactly(TinyModel.LAYERS, TinyModel.HEADS);
    float[] factors = mask.toFloats();
    assertThat(IntStream.range(0, factors.length).filter(i -> factors[i] == 0).count())
        .isEqualTo(5);
    assertThat(IntStream.range(0, factors.length).filter(i -> factors[i] == 1).count())
        .isEqualTo(7);
  }

  @Test
  void theTableHasALineForEveryStepOfEveryOrder() throws IOException {
    pruneTo(out, "--amounts", "5", "--baselines", "reverse");

    List<String> lines = Files.readAllLines(out.resolve("curve.csv"));
    assertThat(lines)
        .hasSize(1 + 4)
        .first()
        .isEqualTo("order,step,removed,left,accuracy,low,high,loss,parameters,flops,bytes,chosen");
    assertThat(lines.get(2)).startsWith("gradient,1,5,7,").endsWith(",1");
    assertThat(lines.get(4)).startsWith("reverse,1,5,7,").endsWith(",,,,");
  }

  @Test
  void theSameCommandGivesTheSameBytesButForTheRun() throws IOException {
    Path again = directory.resolve("again");

    pruneTo(out, "--amount", "0.25", "--threshold", "0.5");
    pruneTo(again, "--amount", "0.25", "--threshold", "0.5");

    assertThat(beforeRun(again)).isEqualTo(beforeRun(out));
    assertThat(again.resolve("curve.csv")).hasSameBinaryContentAs(out.resolve("curve.csv"));
    assertThat(again.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(out.resolve("model/model.safetensors"));
  }

  @Test
  void aDryRunTellsWhatWouldGoAndWritesNothing() throws IOException {
    List<String> before = names(directory);

    Result result = prune("--amounts", "50%", "--dry-run", "--out", out.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .containsPattern("would go    6 of 12 heads: 1:")
        .containsPattern("parameters  [\\d,]+ -> [\\d,]+ \\(\\d\\d\\.\\d%\\)")
        .containsPattern("FLOPs       [\\d,]+ -> [\\d,]+ \\(\\d\\d\\.\\d%\\)")
        .containsPattern("bytes       [\\d,]+ -> [\\d,]+ \\(\\d\\d\\.\\d%\\)")
        .doesNotContain("proof");
    assertThat(names(directory)).isEqualTo(before);
  }

  @Test
  void aDryRunEvaluatesWhereTheMetricDecides() {
    Result result = prune("--amount", "3", "--threshold", "0.1", "--dry-run", "--json");

    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("dryRun").getAsBoolean()).isTrue();
    assertThat(json.getAsJsonObject("original").getAsJsonObject("metrics").get("accuracy"))
        .isNotNull();
    assertThat(json.getAsJsonObject("chosen").get("bound").getAsDouble()).isPositive();
    assertThat(json.getAsJsonArray("files")).isEmpty();
  }

  @Test
  void aMaskIsCutAsItIs() throws IOException {
    Result result =
        pruneTo(out, "--head-mask", "1:1,2,3,4 2:3", "--neuron-mask", "3:1,2", "--layer-mask", "2");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("taking away what the mask says")
        .contains("chosen      step 1, as given")
        .contains("gone        2 of 144 neurons: 3:1,2")
        .contains("gone        1 of 3 layers: 2");
    assertThat(names(out))
        .containsExactly(
            "curve.csv",
            "head_mask.npy",
            "layer_mask.npy",
            "model",
            "neuron_mask.npy",
            "prune.json");
    assertThat(document(out).get("mask").toString())
        .isEqualTo("{\"heads\":\"1:1,2,3,4 2:3\",\"neurons\":\"3:1,2\",\"layers\":\"2\"}");
  }

  @Test
  void aPrunedModelIsPrunedAgain() throws IOException {
    pruneTo(out, "--head-mask", "1:1,2,3,4 2:3");
    Path again = directory.resolve("again");

    Result result = pruneModel(out.resolve("model"), "--amounts", "50%", "--out", again.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(left(document(again).get("curve"))).containsExactly(7, 4);
    assertThat(document(again).getAsJsonArray("headMask").get(0).getAsJsonArray()).isEmpty();
  }

  @Test
  void neuronsGoInBlocks() throws IOException {
    Result result =
        pruneTo(out, "--target", "neurons", "--multiple-of", "16", "--amounts", "40%,70%");

    assertThat(result.err()).isEmpty();
    JsonObject json = document(out);
    assertThat(left(json.get("curve"))).containsExactly(144, 96, 48);
    assertThat(json.getAsJsonObject("areas").keySet()).doesNotContain("leave-one-out");
    assertThat(names(out)).contains("neuron_mask.npy");
  }

  @Test
  void layersGoAndOneStays() throws IOException {
    Result result = pruneTo(out, "--target", "layers", "--amount", "1", "--threshold", "0.01");

    assertThat(result.exitCode()).isZero();
    assertThat(left(document(out).get("curve"))).contains(3, 2).doesNotContain(0);
  }

  @Test
  void aBudgetTakesAsLittleAsItNeeds() throws IOException {
    pruneTo(out, "--budget", "parameters=95%");

    JsonObject json = document(out);
    long bound = json.getAsJsonObject("chosen").get("bound").getAsLong();
    assertThat(json.getAsJsonObject("pruned").get("parameters").getAsLong())
        .isLessThanOrEqualTo(bound);
    long removed = json.getAsJsonArray("curve").get(1).getAsJsonObject().get("removed").getAsInt();
    assertThat(
            StreamSupport.stream(json.getAsJsonArray("measurements").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(m -> m.get("removed").getAsInt() == removed - 1)
                .map(m -> m.get("cost").getAsLong()))
        .allSatisfy(cost -> assertThat(cost).isGreaterThan(bound))
        .hasSize(1);
  }

  @Test
  void measuredTimesAreReplayed() throws IOException {
    String measurements =
        IntStream.range(0, 12)
            .mapToObj(i -> "{\"removed\": %d, \"cost\": %s}".formatted(i, 1.2 - 0.1 * i))
            .collect(Collectors.joining(", "));
    Path earlier =
        model.data(
            "prune.json",
            "{\"kind\": \"pruning\", \"schedule\": {\"quantity\": \"latency\"}, \"measurements\": [%s]}"
                .formatted(measurements));

    Result result = pruneTo(out, "--budget", "latency=850ms", "--replay", earlier.toString());
    Path again = directory.resolve("again");
    Result replayed =
        pruneTo(
            again, "--budget", "latency=850ms", "--replay", out.resolve("prune.json").toString());

    assertThat(result.err()).isEmpty();
    assertThat(replayed.err()).isEmpty();
    assertThat(left(document(out).get("curve"))).containsExactly(12, 8);
    assertThat(beforeRun(again)).isEqualTo(beforeRun(out));
  }

  @Test
  void aMeasurementThatIsMissingIsSaid() {
    Path earlier =
        model.data(
            "prune.json",
            "{\"kind\": \"pruning\", \"schedule\": {\"quantity\": \"latency\"}, \"measurements\": [{\"removed\": 0, \"cost\": 1.0}]}");

    Result result = pruneTo(out, "--budget", "latency=50%", "--replay", earlier.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(result.err())
        .isEqualTo(
            "bertology: '%s' has no time without 11 units, only without [0]; it is of another model or budget\n"
                .formatted(earlier));
  }

  @Test
  void aResultWithoutTimesCannotBeReplayed() {
    pruneTo(out, "--amounts", "50%");
    Path file = out.resolve("prune.json");

    Result result = prune("--budget", "latency=50%", "--replay", file.toString(), "--dry-run");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(result.err())
        .isEqualTo(
            "bertology: '%s' holds no measured times; expected the prune.json of a run with --budget latency=...\n"
                .formatted(file));
  }

  @Test
  void eachRoleMayHaveDataOfItsOwn() throws IOException {
    Path decide = model.data("decide.tsv", "sentence\tlabel\na b c\t0\nd\t1\ne f\t2\n");
    Path test = model.data("test.tsv", "sentence\tlabel\ng h\t0\ni\t1\n");

    Result result =
        pruneTo(
            out,
            "--amounts",
            "3",
            "--decide-data",
            decide.toString(),
            "--test-data",
            test.toString());

    assertThat(result.out())
        .contains("importance  data.tsv, 9 examples")
        .contains("decisions   decide.tsv, 3 examples")
        .contains("test        test.tsv, 2 examples")
        .containsPattern("test        accuracy \\d\\.\\d{4} -> \\d\\.\\d{4} \\(95% interval ")
        .doesNotContain("the same file");
    JsonObject json = document(out);
    assertThat(json.getAsJsonObject("data").getAsJsonArray("shared")).isEmpty();
    assertThat(json.getAsJsonObject("test").keySet()).containsExactly("original", "pruned");
    assertThat(json.getAsJsonObject("proof").get("examples").getAsInt()).isEqualTo(3);
  }

  @Test
  void aCopyOfAFileIsTheSameFile() throws IOException {
    Path copy = model.data("copy.tsv", Files.readString(data));

    Result result = pruneTo(out, "--amounts", "3", "--test-data", copy.toString());

    assertThat(result.out())
        .contains(
            "note        importance and decisions and test use the same file; the test is of data that was decided on");
  }

  @Test
  void aProofThatFailsLeavesNoModelAndKeepsTheSteps() throws IOException {
    Result wrong = pruneWrongly("--amounts", "50%");
    List<String> kept = names(out);
    Result right = pruneTo(out, "--amounts", "50%");
    Path whole = directory.resolve("whole");
    pruneTo(whole, "--amounts", "50%");

    assertThat(wrong.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(wrong.err())
        .containsPattern("bertology: the pruned model differs from the masked one by ");
    assertThat(kept).containsExactly("prune.journal");
    assertThat(right.exitCode()).isZero();
    assertThat(right.err()).matches("going on after \\d+ steps of an earlier run\n");
    assertThat(names(out)).isEqualTo(FILES);
    assertThat(beforeRun(out)).isEqualTo(beforeRun(whole));
  }

  @Test
  void theJournalOfAnotherPruningIsKept() {
    pruneWrongly("--amounts", "50%");

    Result other = pruneTo(out, "--amounts", "25%");

    assertThat(other.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(other.err())
        .isEqualTo(
            "bertology: journal '%s' belongs to another run, which differs in: schedule; choose another directory, or start anew with --force\n"
                .formatted(out.resolve("prune.journal")));
  }

  @Test
  void quietPrunesWithoutWordsOnStandardError() {
    pruneWrongly("--amounts", "50%");

    assertThat(pruneTo(out, "--amounts", "50%", "--quiet").err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --amounts 0               | an amount is a whole number of at least 1, a percentage above 0% and up to 100%, or a fraction such as 0.1; got 0
          --amounts 120%            | an amount is a whole number of at least 1, a percentage above 0% and up to 100%, or a fraction such as 0.1; got 120%
          --amounts 5,half          | 'half' is no amount; expected a number such as 7, or a part of all such as 10% or 0.1
          --amounts 13              | the amount 13 is more than the model's 12 heads
          --amounts 100%            | the last amount takes all 12 heads of the model and is what would be cut; end below that, keep some per layer, or give a threshold by which a step is chosen
          --amounts 1%              | 1% of 12 heads is less than one; ask for more
          --threshold 0             | a threshold is a fraction of the whole model's metric, above 0 and up to 1; got 0.0
          --threshold 1.5           | a threshold is a fraction of the whole model's metric, above 0 and up to 1; got 1.5
          --amount 0                | an amount is a whole number of at least 1, a percentage above 0% and up to 100%, or a fraction such as 0.1; got 0
          --budget parameters       | 'parameters' is no budget; expected one such as parameters=50%, flops=1.5G, bytes=20MB or latency=5ms
          --budget parameters=200%  | a budget of parameters must be below 100% of what the whole model has, got 200%
          --keep-per-layer -1       | units to keep per layer must not be negative, got -1
          --multiple-of 0           | what stays in a layer is a multiple of at least 1, got 0
          --random-draws -1         | random draws must not be negative, got -1
          --tolerance -1            | the tolerance must be a number that is not negative, got -1.0
          --metric f2               | no metric of this data is named 'f2'; it has accuracy
          --head-mask 1:1,2,3,4_2:1,2,3,4_3:1,2,3,4 | all 12 heads of all layers are to go; keep at least one
          --layer-mask 1,2,3        | all 3 layers are to go; keep at least one
          --head-mask no.npy        | head mask 'no.npy' does not exist; expected a .npy file, or heads such as 1:2,3
          """)
  void whatMakesNoSenseIsRefused(String option, String message) {
    String[] words = option.split(" ");

    Result result = pruneTo(out, words[0], words[1].replace('_', ' '));

    assertThat(result.err()).isEqualTo("bertology: %s\n".formatted(message));
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --amounts 10% --amount 10%         | --amount and --amounts each say how far to prune; give one of them
          --budget flops=50% --head-mask 1:1 | a mask and --budget each say how far to prune; give one of them
          --budget flops=50% --threshold 0.9 | --budget says how far to prune, and --threshold would too; give one of them
          --amount 10% --re-estimate         | --re-estimate goes with --amounts, not with --amount
          --amounts 10% --replay old.json    | --replay goes with --budget latency=... and with nothing else
          --baselines forward                | no baseline is named 'forward'; expected random, reverse, leave-one-out or none
          """)
  void optionsThatContradictEachOtherAreRefused(String options, String message) {
    Result result = pruneTo(out, options.split(" "));

    assertThat(result.err())
        .isEqualTo("bertology: %s; see 'bertology prune --help'\n".formatted(message));
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(out).doesNotExist();
  }

  @Test
  void aNegativeNumberOfResamplesIsRefused() {
    resamples = -1;

    Result result = prune("--amounts", "50%", "--dry-run");

    assertThat(result.err()).isEqualTo("bertology: resamples must not be negative, got -1\n");
  }

  @Test
  void withoutResamplesThereAreNoIntervals() throws IOException {
    resamples = 0;

    pruneTo(out, "--amounts", "50%");

    assertThat(document(out).getAsJsonObject("original").has("interval")).isFalse();
  }

  @Test
  void aDirectoryIsNeededToWriteTo() {
    Result result = prune("--amounts", "50%");

    assertThat(result.err())
        .isEqualTo(
            "bertology: --out DIR is missing, or --dry-run to write nothing; see 'bertology prune --help'\n");
  }

  @Test
  void aMaskOfTheWrongShapeIsContentThatIsWrong() {
    Path mask = directory.resolve("mask.npy");
    Npy.write(mask, Tensor.of(new float[6], 2, 3), Existing.REFUSE);

    Result result = pruneTo(out, "--head-mask", mask.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(result.err())
        .isEqualTo(
            "bertology: head mask '%s' has shape [2, 3], the model needs [3, 4]\n".formatted(mask));
  }

  @Test
  void aMaskThatScalesCannotBeCut() {
    Path mask = directory.resolve("mask.npy");
    float[] factors = {1, 1, 1, 1, 1, 0.5f, 1, 1, 1, 1, 1, 1};
    Npy.write(mask, Tensor.of(factors, 3, 4), Existing.REFUSE);

    Result result = pruneTo(out, "--head-mask", mask.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("bertology: a mask with factors other than 0 and 1 ");
  }

  @Test
  void aMaskOfNothingIsRefused() {
    Path mask = directory.resolve("mask.npy");
    float[] factors = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    Npy.write(mask, Tensor.of(factors, 3, 4), Existing.REFUSE);

    Result result = pruneTo(out, "--head-mask", mask.toString());

    assertThat(result.err()).isEqualTo("bertology: the mask takes nothing away\n");
  }

  @Test
  void aDirectoryThatHoldsSomethingElseNeedsForce() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("notes.txt"), "mine");

    Result refused = pruneTo(out, "--amounts", "50%");
    Result forced = pruneTo(out, "--amounts", "50%", "--force");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .isEqualTo(
            "bertology: output directory '%s' is not empty; choose another, or replace files in it with --force\n"
                .formatted(out));
    assertThat(forced.exitCode()).isZero();
    assertThat(out.resolve("notes.txt")).hasContent("mine");
    assertThat(out.resolve("model/config.json")).exists();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    Path file = model.data("file", "mine");

    Result result = pruneTo(file.resolve("below"), "--amounts", "50%");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("bertology: output directory '");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aModelWithoutATaskIsRefused() {
    TinyModel encoder = TinyModel.encoder(directory.resolve("encoder"));

    Result result = pruneModel(encoder.directory(), "--amounts", "50%", "--dry-run");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("is an encoder without one");
  }
}
