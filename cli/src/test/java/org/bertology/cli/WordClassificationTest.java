package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.data.Label;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a model that classifies words. */
class WordClassificationTest {
  /** Both sides are the interpreter's doubles, in batches of other lengths. */
  private static final double ROUNDING = 1e-12;

  private static final int TOKENS_OF_ANNA = 4;

  private static final String SENTENCES =
      """
      anna B-PER
      freud I-PER
      left O
      bonn B-LOC

      she O
      slept O

      upper B-LOC
      bonn I-LOC
      likes O
      dora B-PER

      ida B-PER
      runs O
      """;

  @TempDir private Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.wordClassifier(directory);
    data = model.data("data.conll", SENTENCES);
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

  @Test
  void evaluatePrintsTheMetricsOfEntitiesAndOfWords() {
    Result result = run("evaluate");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("data.conll: 4 examples, 58 tokens")
        .contains("labels are the model's class names: 0 O, 1 B-PER, 2 I-PER, 3 B-LOC, 4 I-LOC")
        // Everything is taken for the beginning of a person: 12 of which 2 are right, of 5.
        .contains(
            """
            entity_f1         0.2353
            entity_precision  0.1667
            entity_recall     0.4000
            accuracy          0.2500
            macro_f1          0.0800
            """)
        .contains("correct           3 of 12");
  }

  @Test
  void aDiscriminatorTellsWhichWordsWereReplaced() {
    model = TinyModel.discriminator(directory.resolve("electra"));
    data = model.data("replaced.conll", "anna original\nleft replaced\nbonn 0\n\nshe 1\n");

    Result result = run("evaluate");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("labels are the model's class names: 0 original, 1 replaced")
        .containsPattern("correct +[0-4] of 4")
        .contains("accuracy", "macro_f1");
    JsonObject importance = document(run("importance", "--json"));
    assertThat(importance.getAsJsonArray("scores")).hasSize(TinyModel.LAYERS);
  }

  @Test
  void theLossIsThatOfTheFirstTokensOfWords() {
    data = model.data("two.conll", "anna B-PER\nx O\n\nx I-LOC\n");

    JsonObject json = document(run("evaluate", "--json"));

    try (ReferenceBackend backend = new ReferenceBackend();
        Model opened = Model.open(model.directory(), backend)) {
      EncodedExample first = encoded(0, opened, List.of("[CLS]", "a", "##n", "##n", "##a", "x"));
      EncodedExample second = encoded(1, opened, List.of("[CLS]", "x"));
      Predictions expected =
          Evaluation.of(
              opened,
              new EncodedData(
                  List.of(
                      labelled(first, List.of(1, 1 + TOKENS_OF_ANNA), List.of(1, 0)),
                      labelled(second, List.of(1), List.of(4))),
                  0),
              RunSettings.defaults());
      assertThat(json.get("loss").getAsDouble()).isCloseTo(expected.meanLoss(), within(ROUNDING));
    }
  }

  private static EncodedExample encoded(int index, Model opened, List<String> tokens) {
    List<String> all = new ArrayList<>(tokens);
    all.add("[SEP]");
    int[] ids =
        all.stream().mapToInt(token -> opened.tokenizer().id(token).orElseThrow()).toArray();
    return new EncodedExample(index, ids, new int[ids.length], Optional.empty());
  }

  private static EncodedExample labelled(
      EncodedExample example, List<Integer> places, List<Integer> classes) {
    List<Integer> labels =
        new ArrayList<>(Collections.nCopies(example.length(), ModelInputs.IGNORED));
    for (int i = 0; i < places.size(); i++) {
      labels.set(places.get(i), classes.get(i));
    }
    return new EncodedExample(
        example.index(), example.ids(), example.types(), Optional.of(new Label.PerToken(labels)));
  }

  @Test
  void predictionsHaveALineForEachWord() throws IOException {
    Path table = directory.resolve("predictions.tsv");
    Path json = directory.resolve("predictions.jsonl");

    run("evaluate", "--predictions", table.toString());
    run("evaluate", "--predictions", json.toString());

    List<String> lines = Files.readAllLines(table);
    assertThat(lines).hasSize(13);
    assertThat(lines.get(0))
        .isEqualTo(
            "id\tword\ttext\tprediction\tlabel\tlogit_O\tlogit_B-PER\tlogit_I-PER\tlogit_B-LOC\tlogit_I-LOC");
    assertThat(lines.get(2)).matches("data-1\t2\tfreud\tB-PER\tI-PER(\t-?\\d\\.\\d+){5}");
    JsonObject last = JsonParser.parseString(Files.readAllLines(json).get(11)).getAsJsonObject();
    assertThat(last.get("id").getAsString()).isEqualTo("data-14");
    assertThat(last.get("word").getAsInt()).isEqualTo(2);
    assertThat(last.get("text").getAsString()).isEqualTo("runs");
    assertThat(last.get("label").getAsString()).isEqualTo("O");
    assertThat(last.getAsJsonArray("logits")).hasSize(5);
  }

  @Test
  void wordsWithoutLabelsArePredicted() throws IOException {
    data = model.data("test.conllu", "1\tanna\t_\t_\t_\t_\t_\t_\t_\t_\n");
    Path table = directory.resolve("predictions.tsv");

    Result result = run("evaluate", "--predictions", table.toString());

    assertThat(result.out()).contains("no labels, so no metrics and no loss");
    assertThat(Files.readAllLines(table).get(1)).startsWith("test-1\t1\tanna\tB-PER\t\t");
  }

  @Test
  void wordsThatAreCutOffAreNotPredicted() throws IOException {
    Path table = directory.resolve("predictions.tsv");

    run("evaluate", "--max-length=11", "--limit=1", "--predictions", table.toString());

    // Nine letters: anna, and freud; not left and bonn.
    assertThat(Files.readAllLines(table)).hasSize(3);
  }

  @Test
  void otherFormatsAndColumnsAreNamed() {
    data = model.data("data.txt", "1 anna x B-PER y\n2 runs x O y\n");

    JsonObject json =
        document(
            run(
                "evaluate",
                "--json",
                "--data-format=conll",
                "--text-column=2",
                "--label-column=4"));

    JsonObject columns = json.getAsJsonObject("provenance").getAsJsonObject("columns");
    assertThat(columns.get("text").getAsString()).isEqualTo("2");
    assertThat(columns.get("label").getAsString()).isEqualTo("4");
    assertThat(json.getAsJsonObject("metrics").get("accuracy").getAsDouble()).isEqualTo(0.5);
  }

  @Test
  void importanceScoresHeadsByTheMeanLossOfWords() {
    JsonObject json = document(run("importance", "--json"));

    assertThat(json.getAsJsonObject("metrics").keySet()).first().isEqualTo("entity_f1");
    assertThat(json.getAsJsonArray("scores")).hasSize(TinyModel.LAYERS);
  }

  @Test
  void ablationComparesEntitiesSentenceBySentence() {
    JsonObject json = document(run("ablate", "--resamples=50", "--json"));

    assertThat(json.get("measure").getAsString()).isEqualTo("entity_f1");
    JsonObject first = json.getAsJsonArray("ablated").get(0).getAsJsonObject();
    assertThat(first.get("correct").getAsInt()).isBetween(0, 12);
    assertThat(first.getAsJsonObject("metrics").keySet()).contains("accuracy", "macro_f1");
    JsonObject head = document(run("evaluate", "--json", "--head-mask=1:1"));
    assertThat(first.get("loss").getAsDouble())
        .isCloseTo(head.get("loss").getAsDouble(), within(ROUNDING));
    assertThat(first.get("metrics")).isEqualTo(head.get("metrics"));
  }

  @Test
  void criteriaScoreByTheLossAndByEntities() {
    JsonObject json =
        document(
            run(
                "criteria",
                "--criteria=gradient,leave-one-out,leave-one-out-metric,shapley",
                "--permutations=1",
                "--resamples=20",
                "--json"));

    assertThat(json.getAsJsonObject("settings").get("metric").getAsString()).isEqualTo("entity_f1");
  }

  @Test
  void aPrunedModelGivesTheAnswersOfTheMaskedOne() throws IOException {
    Path out = directory.resolve("out");

    Result pruned = run("prune", "--amounts=50%", "--resamples=20", "--out", out.toString());

    assertThat(pruned.err()).isEmpty();
    assertThat(pruned.out()).contains("proof       holds");
    Path left = out.resolve("model");
    String mask = out.resolve("head_mask.npy").toString();
    JsonObject masked = document(run("evaluate", "--json", "--head-mask", mask));
    JsonObject cut = document(runOn(left, "evaluate", "--json"));
    assertThat(cut.get("loss").getAsDouble())
        .isCloseTo(masked.get("loss").getAsDouble(), within(ROUNDING));
    assertThat(cut.get("metrics")).isEqualTo(masked.get("metrics"));
    Result proof = run("prove", "--pruned", left.toString(), "--head-mask", mask);
    assertThat(proof.exitCode()).isZero();
    assertThat(proof.out()).contains("proof       holds");
  }

  @Test
  void theStudyOfMichelRuns() {
    JsonObject json = document(run("experiment michel", "--resamples=20", "--no-speed", "--json"));

    assertThat(json.toString()).contains("\"entity_f1\"");
  }

  @Test
  void enginesAreComparedAndTimedOnWords() {
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
                "--examples=2"));
    for (List<String> words : List.of(compare, benchmark)) {
      words.addAll(List.of("--model", model.directory().toString(), "--data", data.toString()));

      Result result = Result.of(new ComparedModule(), words.toArray(String[]::new));

      assertThat(result.exitCode()).as(result.err()).isZero();
    }
  }

  @Test
  void aFileWithALabelForEachTextIsRefused() {
    data = model.data("data.tsv", "sentence\tlabel\nanna\tO\n");

    assertFailure(
        run("importance"),
        ExitCode.USAGE,
        ("'%s' classifies words, but data file '%s' has a label for each text; give it a file with"
                + " a word and its label per line, CoNLL-U or CoNLL")
            .formatted(model.directory(), data));
  }

  @Test
  void aFileWithALabelForEachWordIsRefusedByModelsOfTexts() {
    TinyModel texts = TinyModel.classifier(directory.resolve("texts"));

    assertFailure(
        runOn(texts.directory(), "evaluate"),
        ExitCode.USAGE,
        "data file '%s' has a label for each word, but '%s' is a model for sequence classification"
            .formatted(data, texts.directory()));
  }

  @Test
  void anUnknownLabelIsAnsweredWithThoseOfTheModel() {
    data = model.data("data.conll", "anna B-PER\nacme B-ORG\n");

    assertFailure(
        run("evaluate"),
        ExitCode.CONTENT,
        ("data file '%s', line 2: unknown label 'B-ORG' in column '2'; expected one of 0 O,"
                + " 1 B-PER, 2 I-PER, 3 B-LOC, 4 I-LOC")
            .formatted(data));
  }

  @Test
  void anUnknownFormatIsAnsweredWithThoseThereAre() {
    Result result = run("evaluate", "--data-format=conlu");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("no data format is named 'conlu'; did you mean 'conllu'?");
  }
}
