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
import org.bertology.core.checkpoint.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a model that writes target texts. */
class SequenceToSequenceTest {
  /** Both sides are the interpreter's doubles, in batches of other lengths. */
  private static final double ROUNDING = 1e-12;

  private static final List<String> LAYERS =
      List.of("encoder.1", "encoder.2", "decoder.1", "decoder.2", "cross.1", "cross.2");

  private static final int HEADS = 4;

  private static final String TEXTS =
      """
      source\ttarget
      anna left bonn\tleft
      she slept\tslept well
      bonn likes dora\tbonn
      ida runs\truns to bonn
      """;

  @TempDir private Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.sequenceToSequence(directory);
    data = model.data("data.tsv", TEXTS);
  }

  private Result run(String command, String... more) {
    return runOn(model.directory(), command, more);
  }

  private Result runOn(Path directory, String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--model", directory.toString(), "--data", data.toString()));
    words.addAll(List.of("--backend", ReferenceModule.NAME));
    words.addAll(List.of(more));
    return Result.of(words.toArray(String[]::new));
  }

  private static JsonObject document(Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private static void assertFailure(Result result, int exitCode, String message) {
    assertThat(result.err()).isEqualTo("bertology: " + message + "\n");
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  private static List<String> texts(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsString).toList();
  }

  @Test
  void evaluateGivesLossAndPerplexityOfTheWordsOfTargets() {
    JsonObject json = document(run("evaluate", "--json"));

    double perplexity = json.getAsJsonObject("metrics").get("perplexity").getAsDouble();
    assertThat(perplexity).isGreaterThan(1);
    JsonObject columns = json.getAsJsonObject("provenance").getAsJsonObject("columns");
    assertThat(columns.get("text").getAsString()).isEqualTo("source");
    assertThat(columns.get("label").getAsString()).isEqualTo("target");
    // Letters and the two marks of a text, without spaces.
    assertThat(json.getAsJsonObject("counts").get("tokens").getAsInt())
        .isEqualTo(12 + 8 + 13 + 7 + 4 * 2);
    assertThat(run("evaluate").out()).contains("labels      labels are target texts");
  }

  @Test
  void aTextIsCutAndSoIsItsTarget() {
    JsonObject json = document(run("evaluate", "--json", "--max-length=8"));

    // Two of the texts, one text and its target, and one target.
    assertThat(json.getAsJsonObject("counts").get("truncated").getAsInt()).isEqualTo(4);
    data = model.data("long.tsv", "source\ttarget\na\tabcdefgh\na\tabcdef\n");
    json = document(run("evaluate", "--json", "--max-length=8"));
    assertThat(json.getAsJsonObject("counts").get("truncated").getAsInt()).isEqualTo(1);
  }

  @Test
  void columnsOfTextAndTargetAreNamedOrUsual() {
    JsonObject usual = document(run("evaluate", "--json"));
    for (String file :
        List.of(
            TEXTS.replace("source\ttarget", "dialogue\tsummary"),
            TEXTS.replace("source\ttarget", "question\tanswer"))) {
      data = model.data("usual.tsv", file);
      assertThat(document(run("evaluate", "--json")).get("loss")).isEqualTo(usual.get("loss"));
    }
    data = model.data("named.csv", TEXTS.replace("source\ttarget", "de\ten").replace("\t", ","));

    JsonObject named =
        document(run("evaluate", "--json", "--text-column=de", "--target-column=en"));

    assertThat(named.get("loss")).isEqualTo(usual.get("loss"));
    data = model.data("lines.jsonl", "{\"text\": \"anna left bonn\", \"summary\": \"left\"}\n");
    assertThat(document(run("evaluate", "--json")).get("loss").getAsDouble()).isPositive();
  }

  @Test
  void aFileWithoutTargetsIsRefused() {
    data = model.data("texts.tsv", "sentence\tlabel\nanna\t1\n");

    assertFailure(
        run("importance"),
        ExitCode.USAGE,
        ("data file '%s' has none of the usual columns of texts and their targets (source and"
                + " target, text and summary, question and answer, ...); its columns: sentence,"
                + " label; name the text column and the target column")
            .formatted(data));
  }

  @Test
  void anEmptyTargetIsRefused() {
    data = model.data("empty.tsv", "source\ttarget\nanna\t\n");

    assertFailure(
        run("importance"),
        ExitCode.CONTENT,
        "data file '%s', line 2: unknown label '' in column 'target'; expected a text"
            .formatted(data));
  }

  @Test
  void aTaskWithLabelsIsRefused() {
    assertFailure(
        run("importance", "--task=sst-2"),
        ExitCode.USAGE,
        ("task sst-2 has a label for each text, but '%s' is a model for seq2seq lm; leave the task"
                + " out, and name the columns of text and target")
            .formatted(model.directory()));
  }

  @Test
  void importanceScoresEachOfTheThreeAttentions() throws IOException {
    Path out = directory.resolve("out");

    Result result = run("importance", "--entropy", "--resamples=20", "--out", out.toString());

    assertThat(result.err()).isEmpty();
    LAYERS.forEach(layer -> assertThat(result.out()).containsPattern("\n *" + layer + "  0\\."));
    JsonObject json =
        JsonParser.parseString(Files.readString(out.resolve("importance.json"))).getAsJsonObject();
    assertThat(texts(json.getAsJsonArray("layerNames"))).isEqualTo(LAYERS);
    assertThat(json.getAsJsonArray("scores"))
        .hasSize(6)
        .allMatch(row -> row.getAsJsonArray().size() == HEADS);
    for (JsonElement layer : json.getAsJsonArray("entropy")) {
      for (JsonElement head : layer.getAsJsonArray()) {
        assertThat(head.getAsDouble()).isBetween(0.0, Math.log(15));
      }
    }
    List<String> lines = Files.readAllLines(out.resolve("importance.csv"));
    assertThat(lines).hasSize(1 + 6 * HEADS);
    assertThat(lines.get(1)).startsWith("encoder.1,1,");
    assertThat(lines.get(24)).startsWith("cross.2,4,");
  }

  @Test
  void neuronsAndLayersAreThoseOfEncoderAndDecoder() {
    JsonObject neurons = document(run("importance", "--target=neurons", "--resamples=0", "--json"));
    JsonObject layers = document(run("importance", "--target=layers", "--resamples=0", "--json"));

    assertThat(widths(neurons)).containsExactly(48, 48, 48, 48, 0, 0);
    assertThat(widths(layers)).containsExactly(1, 1, 1, 1, 0, 0);
    assertThat(run("importance", "--target=layers", "--resamples=0").out())
        .contains("decoder.2")
        .doesNotContain("cross.1");
  }

  private static List<Integer> widths(JsonObject json) {
    return StreamSupport.stream(json.getAsJsonArray("scores").spliterator(), false)
        .map(row -> row.getAsJsonArray().size())
        .toList();
  }

  @Test
  void ablationTakesAwayWhatAMaskNames() {
    JsonObject json = document(run("ablate", "--resamples=20", "--json"));

    JsonObject first = json.getAsJsonArray("ablated").get(0).getAsJsonObject();
    assertThat(first.getAsJsonObject("metrics").keySet()).contains("perplexity");
    assertThat(texts(json.getAsJsonArray("layerNames"))).isEqualTo(LAYERS);
    assertThat(json.getAsJsonArray("ablated")).hasSize(6 * HEADS);
    assertAblated(json, 1, "encoder.1:2");
    assertAblated(json, 3 * HEADS, "decoder.2:1");
    assertAblated(json, 4 * HEADS + 2, "cross.1:3");
    assertThat(run("ablate", "--resamples=20").out()).contains("cross.2");
  }

  private void assertAblated(JsonObject json, int index, String mask) {
    JsonObject row = json.getAsJsonArray("ablated").get(index).getAsJsonObject();
    JsonObject masked = document(run("evaluate", "--json", "--head-mask", mask));
    assertThat(row.get("loss").getAsDouble())
        .isCloseTo(masked.get("loss").getAsDouble(), within(ROUNDING));
  }

  @Test
  void layersOfBothStacksAreAblated() {
    JsonObject json = document(run("ablate", "--target=layers", "--resamples=20", "--json"));

    assertThat(json.getAsJsonArray("ablated")).hasSize(4);
    JsonObject last = json.getAsJsonArray("ablated").get(3).getAsJsonObject();
    JsonObject masked = document(run("evaluate", "--json", "--layer-mask=decoder.2"));
    assertThat(last.get("loss").getAsDouble())
        .isCloseTo(masked.get("loss").getAsDouble(), within(ROUNDING));
  }

  @Test
  void criteriaAreComparedOnAllHeads() {
    Result result =
        run(
            "criteria",
            "--criteria=gradient,magnitude,leave-one-out,leave-one-out-metric,shapley",
            "--permutations=1",
            "--resamples=20");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsPattern("(encoder|decoder|cross)\\.[12]:[1-4]  ");
  }

  @Test
  void aPrunedModelGivesTheLossOfTheMaskedOne() {
    Path out = directory.resolve("out");

    Result pruned = run("prune", "--amounts=50%", "--resamples=20", "--out", out.toString());

    assertThat(pruned.err()).isEmpty();
    assertThat(pruned.out())
        .contains("proof       holds")
        .containsPattern("gone        12 of 24 heads: encoder\\.1:");
    Path left = out.resolve("model");
    String mask = out.resolve("head_mask.npy").toString();
    JsonObject masked = document(run("evaluate", "--json", "--head-mask", mask));
    JsonObject cut = document(runOn(left, "evaluate", "--json"));
    assertThat(cut.get("loss").getAsDouble())
        .isCloseTo(masked.get("loss").getAsDouble(), within(ROUNDING));
    Result proof = run("prove", "--pruned", left.toString());
    assertThat(proof.exitCode()).isZero();
    assertThat(proof.out()).contains("proof       holds");
  }

  @Test
  void whatAMaskNamesIsPruned() {
    Path out = directory.resolve("out");

    Result pruned =
        run(
            "prune",
            "--head-mask=encoder.2:1,3 cross.1:1,2,3,4",
            "--layer-mask=decoder.2",
            "--resamples=20",
            "--out",
            out.toString());

    assertThat(pruned.err()).isEmpty();
    assertThat(pruned.out())
        .contains("heads: encoder.2:1,3 cross.1:1,2,3,4")
        .contains("1 of 4 layers: decoder.2")
        .contains("proof       holds");
    JsonObject info =
        document(Result.of("info", "--model", out.resolve("model").toString(), "--json"));
    assertThat(texts(info.getAsJsonArray("layerNames")))
        .containsExactly("encoder.1", "encoder.2", "decoder.1", "cross.1");
  }

  @Test
  void layersOfAMaskAreNamedWithTheirStack() {
    String message =
        "%s mask '%s': '%s' is not of the form %s (counted from 1; stacks: encoder, decoder, cross)";

    assertFailure(
        run("evaluate", "--head-mask=1:2"),
        ExitCode.USAGE,
        message.formatted("head", "1:2", "1:2", "encoder.layer:head,head"));
    assertFailure(
        run("evaluate", "--layer-mask=2"),
        ExitCode.USAGE,
        "layer mask '2': '2' is not of the form encoder.layer,decoder.layer (counted from 1;"
            + " stacks: encoder, decoder)");
    assertFailure(
        run("evaluate", "--head-mask=cross.3:1"),
        ExitCode.USAGE,
        "head mask 'cross.3:1': layer cross.3 is not between 1 and 2");
    assertFailure(
        run("evaluate", "--layer-mask=cross.1"),
        ExitCode.USAGE,
        "layer mask 'cross.1': 'cross.1' is not of the form encoder.layer,decoder.layer (counted"
            + " from 1; stacks: encoder, decoder)");
  }

  @Test
  void infoListsTheLayersOfEachStack() {
    Result result = Result.of("info", "--model", model.directory().toString());

    assertThat(result.err()).isEmpty();
    LAYERS.forEach(layer -> assertThat(result.out()).contains(layer));
  }

  @Test
  void activationsOfTextsAndTargetsHaveTheirOwnLengths() {
    Path file = directory.resolve("activations.safetensors");

    Result result =
        run(
            "activations",
            "--hooks=attentions,hidden-states,contexts.gradient",
            "--out",
            file.toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    SafeTensors tensors = SafeTensors.open(file);
    assertThat(tensors.get("cross.layer.1.attention.probabilities").shape())
        .containsExactly(4, HEADS, 12, 15);
    assertThat(tensors.get("decoder.layer.0").shape()).containsExactly(4, 12, 32);
    assertThat(tensors.tensor("target_lengths").toDoubles()).containsExactly(6, 11, 6, 12);
  }

  @Test
  void enginesAreComparedAndTimed() {
    List<String> compare =
        new ArrayList<>(
            List.of("compare", "--backends=first,second", "--repetitions=1", "--hook-examples=2"));
    List<String> benchmark =
        new ArrayList<>(
            List.of(
                "benchmark",
                "--backends=first",
                "--repetitions=2",
                "--batch-sizes=2",
                "--lengths=5",
                "--examples=2"));
    for (List<String> words : List.of(compare, benchmark)) {
      words.addAll(List.of("--model", model.directory().toString(), "--data", data.toString()));

      Result result = Result.of(new ComparedModule(), words.toArray(String[]::new));

      assertThat(result.exitCode()).as(result.err()).isZero();
    }
  }

  @Test
  void theStudyOfMichelRuns() {
    JsonObject json = document(run("experiment michel", "--resamples=20", "--no-speed", "--json"));

    assertThat(texts(json.getAsJsonArray("layerNames"))).isEqualTo(LAYERS);
  }
}
