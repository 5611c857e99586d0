package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands with models that predict the next token or hidden ones, on plain text. */
class LanguageModelTest {
  /** From the beginning of Shakespeare's Coriolanus. */
  private static final String TEXT =
      """
      First Citizen:
      Before we proceed any further, hear me speak.

      All:
      Speak, speak.

      First Citizen:
      You are all resolved rather to die than to famish?
      """;

  private static final double ROUNDING = 1e-9;

  @TempDir Path directory;

  private TinyModel next;
  private TinyModel masked;
  private Path text;

  @BeforeEach
  void writeFiles() {
    next = TinyModel.causalLm(directory.resolve("next"));
    masked = TinyModel.maskedLm(directory.resolve("masked"));
    text = next.data("text.txt", TEXT);
  }

  private Result run(Module backends, String command, TinyModel model, String... more) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--model=" + model.directory(), "--data=" + text));
    words.addAll(List.of(more));
    return Result.of(backends, words.toArray(String[]::new));
  }

  private Result run(String command, TinyModel model, String... more) {
    List<String> words = new ArrayList<>(List.of("--backend=" + ReferenceModule.NAME));
    words.addAll(List.of(more));
    return run(new ReferenceModule(), command, model, words.toArray(String[]::new));
  }

  private JsonObject json(String command, TinyModel model, String... more) {
    List<String> words = new ArrayList<>(List.of("--json"));
    words.addAll(List.of(more));
    return document(run(command, model, words.toArray(String[]::new)));
  }

  private static JsonObject document(Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private static double perplexity(JsonObject document) {
    return document.getAsJsonObject("metrics").get("perplexity").getAsDouble();
  }

  @Test
  void evaluateSaysWhatHadToBeFoundAndHowWellItWas() {
    Result result = run("evaluate", next, "--max-length=16", "--stride=4");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern("data +text.txt: \\d+ examples, \\d+ tokens, none longer than 16 tokens")
        .contains("labels      the next tokens; windows of 16 tokens, 4 apart\n")
        .containsPattern("perplexity +\\d+\\.\\d{4}\naccuracy +0\\.\\d{4}\nloss +\\d+\\.\\d{4}\n")
        .containsPattern("correct +\\d+ of \\d{3}\n");
  }

  @Test
  void theLossIsTheLogarithmOfThePerplexity() {
    JsonObject document = json("evaluate", next, "--max-length=13");

    assertThat(document.get("loss").getAsDouble())
        .isCloseTo(Math.log(perplexity(document)), within(ROUNDING));
    assertThat(document.getAsJsonObject("provenance").get("labelMatching").getAsString())
        .isEqualTo("the next tokens; windows of 13 tokens, 6 apart");
  }

  @Test
  void moreContextBeforeEachTokenIsAnotherPerplexity() {
    assertThat(
            List.of(
                perplexity(json("evaluate", next, "--max-length=16", "--stride=16")),
                perplexity(json("evaluate", next, "--max-length=16", "--stride=8")),
                perplexity(json("evaluate", next))))
        .doesNotHaveDuplicates();
  }

  @Test
  void predictionsAreALinePerWindow() throws IOException {
    Path lines = directory.resolve("predictions.tsv");
    Path json = directory.resolve("predictions.jsonl");

    run("evaluate", next, "--max-length=16", "--limit=2", "--predictions=" + lines);
    run("evaluate", next, "--max-length=16", "--limit=2", "--predictions=" + json);

    assertThat(Files.readAllLines(lines))
        .hasSize(3)
        .startsWith("id\ttokens\tloss\taccuracy")
        .element(2)
        .asString()
        .matches("text-2\t8\t\\d+\\.\\d+\t0\\.\\d+");
    assertThat(Files.readAllLines(json))
        .hasSize(2)
        .element(0)
        .asString()
        .matches(
            "\\{\"id\": \"text-1\", \"tokens\": 15, \"loss\": \\d+\\.\\d+, \"accuracy\": 0\\.\\d+}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"15%", "each:2"})
  void maskedTokensAreHiddenAsToldAndAlikeInEveryRun(String masking) {
    JsonObject first = json("evaluate", masked, "--masking=" + masking);
    JsonObject again = json("evaluate", masked, "--masking=" + masking);
    JsonObject other = json("evaluate", masked, "--masking=" + masking, "--masking-seed=7");

    assertThat(perplexity(again)).isEqualTo(perplexity(first));
    assertThat(perplexity(other)).isNotEqualTo(perplexity(first));
  }

  @Test
  void aColumnOfTextsHasAnExampleForEach() {
    text = next.data("texts.jsonl", "{\"text\": \"hear me\"}\n{\"text\": \"speak\"}\n");

    JsonObject document = json("evaluate", next);

    assertThat(document.getAsJsonObject("counts").get("examples").getAsInt()).isEqualTo(2);
    assertThat(document.getAsJsonObject("provenance").get("labelMatching").getAsString())
        .isEqualTo("the next tokens");
  }

  @Test
  void headsAreScoredByTheLossAndByTheEntropy() {
    JsonObject loss = json("importance", next, "--limit=3");
    JsonObject entropy = json("importance", next, "--limit=3", "--objective=entropy");
    Result text = run("importance", masked, "--limit=3", "--objective=entropy");

    assertThat(loss.get("definitions")).isNotEqualTo(entropy.get("definitions"));
    assertThat(loss.getAsJsonObject("settings").get("objective").getAsString()).isEqualTo("loss");
    assertThat(perplexity(loss)).isEqualTo(perplexity(entropy));
    assertThat(text.out()).contains("importance of heads by gradient of the entropy, not normal");
  }

  @Test
  void aClassifierIsScoredWithoutLabels() {
    TinyModel classifier = TinyModel.classifier(directory.resolve("classifier"));
    text = classifier.data("texts.tsv", "sentence\nhear me\nspeak\n");

    Result refused = run("importance", classifier);
    Result scored = run("importance", classifier, "--objective=entropy", "--resamples=10");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(refused.err()).contains("has no labels, which are needed here");
    assertThat(scored.err()).isEmpty();
    assertThat(scored.out())
        .contains("importance of heads by gradient of the entropy")
        .contains("no labels, so no metrics and no loss");
  }

  @Test
  void whatIsLostWithoutEachHeadIsInPerplexity() {
    Result result = run("ablate", next, "--limit=4", "--resamples=20");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("change of perplexity without each head")
        .containsPattern("layer +head +perplexity +95% interval +p +loss");
    List<Double> changes = new ArrayList<>();
    json("ablate", next, "--limit=4", "--resamples=20")
        .getAsJsonArray("ablated")
        .forEach(
            run ->
                changes.add(
                    run.getAsJsonObject()
                        .getAsJsonObject("differences")
                        .getAsJsonObject("perplexity")
                        .get("value")
                        .getAsDouble()));
    assertThat(changes).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  void theThresholdIsWhereThePerplexityRises() {
    JsonObject document =
        json(
            "prune",
            next,
            "--limit=3",
            "--threshold=0.8",
            "--baselines=none",
            "--resamples=0",
            "--dry-run");

    double whole =
        document
            .getAsJsonObject("original")
            .getAsJsonObject("metrics")
            .get("perplexity")
            .getAsDouble();
    JsonObject chosen = document.getAsJsonObject("chosen");
    assertThat(chosen.get("bound").getAsDouble()).isCloseTo(whole / 0.8, within(1e-9 * whole));
    assertThat(document.get("metric").getAsString()).isEqualTo("perplexity");
  }

  @Test
  void aModelOfTheNextTokenIsPrunedProvenAndPrunedAgain() {
    Path once = directory.resolve("once");
    Path twice = directory.resolve("twice");

    Result first = run("prune", next, "--limit=3", "--head-mask=1:1,2,3,4 2:3", "--out=" + once);
    TinyModel pruned = new TinyModel(once.resolve("model"));
    Result second =
        run("prune", pruned, "--limit=3", "--amounts=50%", "--target=neurons", "--out=" + twice);

    assertThat(first.err()).isEmpty();
    assertThat(second.err()).isEmpty();
    assertThat(first.out()).contains("proof").contains("holds");
    assertThat(second.out()).contains("holds");
    assertThat(perplexity(json("evaluate", pruned)))
        .isCloseTo(
            perplexity(json("evaluate", next, "--head-mask=1:1,2,3,4 2:3")),
            within(ROUNDING * 1e6));
    assertThat(run("prove", next, "--pruned=" + pruned.directory()).out()).contains("holds");
  }

  @Test
  void theDataThatOnlyScoresNeedsNoLabels() {
    TinyModel classifier = TinyModel.classifier(directory.resolve("classifier"));
    text = classifier.data("texts.tsv", "sentence\nhear me\nspeak\n");
    Path labelled = classifier.examples(6);

    Result result =
        run(
            "prune",
            classifier,
            "--objective=entropy",
            "--decide-data=" + labelled,
            "--amounts=25%",
            "--random-draws=1",
            "--out=" + directory.resolve("out"));

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("pruning heads by gradient of the entropy")
        .containsPattern("area +.* reverse .*, random ")
        .doesNotContain("leave-one-out");
  }

  @Test
  void criteriaAgreeOnTheExamplesOfALanguageModel() {
    Result result =
        run(
            "criteria",
            masked,
            "--limit=2",
            "--criteria=gradient,leave-one-out,leave-one-out-metric,shapley,magnitude",
            "--resamples=10");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("leave-one-out-metric").contains("perplexity");
  }

  @Test
  void enginesAreComparedAndTimedOnPlainText() {
    Result compared =
        run(
            new ComparedModule(),
            "compare",
            next,
            "--backends=first,second",
            "--repetitions=2",
            "--limit=3",
            "--attention=prefix:3");
    Result timed =
        run(
            new ComparedModule(),
            "benchmark",
            masked,
            "--backends=first",
            "--batch-sizes=1",
            "--examples=2",
            "--repetitions=2",
            "--threads=1");

    assertThat(compared.exitCode()).isZero();
    assertThat(compared.out()).contains("the largest difference is 0.00e+00");
    assertThat(timed.err()).isEmpty();
    assertThat(timed.exitCode()).isZero();
  }

  @Test
  void activationsAreThoseOfTextsAsTheyAre() {
    Path out = directory.resolve("values.safetensors");

    Result plain = run("activations", masked, "--hooks=layer.*", "--limit=1", "--out=" + out);
    Result loss =
        run("activations", masked, "--hooks=loss", "--limit=1", "--out=" + out, "--force");
    Result hidden =
        run(
            "activations",
            masked,
            "--hooks=loss,accuracy",
            "--limit=1",
            "--masking=15%",
            "--out=" + out,
            "--force");
    Result normed =
        run("activations", next, "--hooks=normed", "--limit=1", "--out=" + out, "--force");

    assertThat(plain.err()).isEmpty();
    assertThat(loss.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(loss.err()).contains("need a fitting label of every example");
    assertThat(hidden.err()).isEmpty();
    assertThat(normed.err()).isEmpty();
    assertThat(normed.out()).startsWith("normed\n");
  }

  @Test
  void whatDoesNotFitTheModelIsRefused() {
    assertThat(run("evaluate", next, "--masking=each").err())
        .contains("predicts the next token, so that nothing is masked");
    assertThat(run("evaluate", masked, "--stride=3").err())
        .contains("finds masked tokens, and a stride is for models of the next token");
    assertThat(run("evaluate", masked, "--masking=some").err())
        .contains("unknown masking 'some'; expected a part of the tokens such as 15%");
  }
}
