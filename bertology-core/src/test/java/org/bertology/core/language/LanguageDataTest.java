package org.bertology.core.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.ContentException;
import org.bertology.core.data.Columns;
import org.bertology.core.data.DataFormat;
import org.bertology.core.data.Label;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against values of Hugging Face's library, see {@code make.py} beside the resources. */
class LanguageDataTest {
  /** Double arithmetic on both sides. */
  private static final double EXACT = 1e-9;

  private static final RunSettings SETTINGS = RunSettings.defaults().withWorkers(2);

  @TempDir Path directory;

  private final ReferenceBackend backend = new ReferenceBackend();
  private final List<Model> models = new ArrayList<>();

  @AfterEach
  void close() {
    models.forEach(Model::close);
    backend.close();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = LanguageDataTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }

  private static JsonObject expected() throws IOException {
    String json = new String(resource("expected.json"), StandardCharsets.UTF_8);
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private Model model(String golden) throws IOException {
    return model(golden, UnaryOperator.identity());
  }

  private Model model(String golden, UnaryOperator<String> vocabulary) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(golden));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.write(folder.resolve(file), resource("/goldens/%s/%s".formatted(golden, file)));
    }
    String words = new String(resource("vocab.txt"), StandardCharsets.UTF_8);
    Files.writeString(folder.resolve("vocab.txt"), vocabulary.apply(words));
    Model model = Model.open(folder, backend);
    models.add(model);
    return model;
  }

  private DataSelection text() throws IOException {
    return file("coriolanus.txt", new String(resource("coriolanus.txt"), StandardCharsets.UTF_8));
  }

  private DataSelection file(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, content);
    return DataSelection.of(file, Columns.usual());
  }

  private static LanguageOptions stride(int stride) {
    return LanguageOptions.defaults().withStride(stride);
  }

  private static LanguageOptions masking(String text) {
    return LanguageOptions.defaults().withMasking(Masking.parse(text));
  }

  private static List<Integer> labels(EncodedExample example) {
    return ((Label.PerToken) example.label().orElseThrow()).indices();
  }

  private static List<Integer> labelled(EncodedExample example) {
    return IntStream.of(example.answeredTokens()).boxed().toList();
  }

  // --- plain text

  @Test
  void perplexityEqualsThatOfTheLibrarysGuide() throws IOException {
    Model model = model("gpt2-causal-lm");
    for (JsonElement element : expected().getAsJsonArray("perplexity")) {
      JsonObject window = element.getAsJsonObject();
      TaskData data =
          TaskData.read(
              model,
              text()
                  .withMaxLength(window.get("maxLength").getAsInt())
                  .withLanguage(stride(window.get("stride").getAsInt())));

      Predictions predictions = Evaluation.of(model, data.encoded(), SETTINGS);

      double loss = window.get("loss").getAsDouble();
      assertThat(predictions.meanLoss()).as("%s", window).isCloseTo(loss, within(EXACT * loss));
      double perplexity = window.get("perplexity").getAsDouble();
      assertThat(data.metrics(predictions).get(Metric.PERPLEXITY.key()))
          .isCloseTo(perplexity, within(10 * EXACT * perplexity));
      assertThat(predictions.tally().orElseThrow().all())
          .isEqualTo(window.get("tokens").getAsInt());
    }
  }

  @Test
  void windowsOverlapAndEachTokenCountsOnce() throws IOException {
    Model model = model("gpt2-causal-lm");
    DataSelection selection = file("letters.txt", "a b c d e f g h i j\n");

    TaskData data = TaskData.read(model, selection.withMaxLength(6).withLanguage(stride(3)));

    List<EncodedExample> windows = data.encoded().examples();
    int[] all = model.tokenizer().encodePlain("a b c d e f g h i j").ids();
    assertThat(data.ids()).containsExactly("letters-1", "letters-2", "letters-3");
    assertThat(windows.get(0).ids()).containsExactly(IntStream.of(all).limit(6).toArray());
    assertThat(windows.get(1).ids()).containsExactly(IntStream.of(all).skip(3).limit(6).toArray());
    assertThat(windows.get(2).ids()).containsExactly(IntStream.of(all).skip(6).toArray());
    int none = ModelInputs.IGNORED;
    assertThat(labels(windows.get(0)))
        .containsExactly(all[1], all[2], all[3], all[4], all[5], none);
    assertThat(labels(windows.get(1))).containsExactly(none, none, all[6], all[7], all[8], none);
    assertThat(labels(windows.get(2))).containsExactly(none, none, all[9], none);
    assertThat(data.labelMatching()).isEqualTo("the next tokens; windows of 6 tokens, 3 apart");
    assertThat(data.haveLabels()).isTrue();
  }

  @Test
  void windowsAreOfAllPositionsAndHalfApartUnlessToldOtherwise() throws IOException {
    TaskData data = TaskData.read(model("gpt2-causal-lm"), text());

    assertThat(data.labelMatching()).isEqualTo("the next tokens; windows of 40 tokens, 20 apart");
  }

  @Test
  void aLimitIsOfWindows() throws IOException {
    Model model = model("gpt2-causal-lm");
    List<EncodedExample> all = TaskData.read(model, text()).encoded().examples();

    List<EncodedExample> some = TaskData.read(model, text().withLimit(3)).encoded().examples();

    assertThat(some).hasSize(3);
    assertThat(some.get(2).ids()).isEqualTo(all.get(2).ids());
  }

  @Test
  void aWindowWithoutAnythingToFindIsLeftOut() throws IOException {
    Model model = model("gpt2-causal-lm");
    DataSelection selection = file("letters.txt", "a b c d e");

    TaskData data = TaskData.read(model, selection.withMaxLength(4).withLanguage(stride(4)));

    assertThat(data.ids()).containsExactly("letters-1");
  }

  @Test
  void anythingThatIsNoTableIsPlainTextToALanguageModel() throws IOException {
    Model model = model("gpt2-causal-lm");

    assertThat(TaskData.read(model, file("a.raw", "a b c")).ids()).containsExactly("a-1");
    assertThat(TaskData.read(model, file("a.tsv", "text\na b c\nd e\n")).ids())
        .containsExactly("a-2", "a-3");
    assertThat(
            TaskData.read(model, file("b.txt", "text\na b\n").withFormat(DataFormat.TAB_SEPARATED))
                .ids())
        .containsExactly("b-2");
  }

  @Test
  void aMaskedModelSeesPiecesBetweenMarks() throws IOException {
    Model model = model("bert-masked-lm");
    DataSelection selection = file("letters.txt", "a b c d e").withMaxLength(5);

    TaskData data = TaskData.read(model, selection.withLanguage(masking("100%")));

    int mask = model.tokenizer().maskId().orElseThrow();
    List<EncodedExample> pieces = data.encoded().examples();
    int first = model.tokenizer().id("[CLS]").orElseThrow();
    int last = model.tokenizer().id("[SEP]").orElseThrow();
    assertThat(pieces.get(0).ids()).containsExactly(first, mask, mask, mask, last);
    assertThat(pieces.get(1).ids()).containsExactly(first, mask, mask, last);
    int[] plain = model.tokenizer().encodePlain("a b c d e").ids();
    assertThat(labels(pieces.get(1)))
        .containsExactly(ModelInputs.IGNORED, plain[3], plain[4], ModelInputs.IGNORED);
  }

  // --- masked tokens

  @Test
  void pseudoPerplexityHidesOneTokenAtATime() throws IOException {
    Model model = model("bert-masked-lm");
    JsonObject expected = expected().getAsJsonObject("pseudoPerplexity");
    JsonArray sentences = expected.getAsJsonArray("sentences");
    StringBuilder lines = new StringBuilder("text\n");
    sentences.forEach(sentence -> lines.append(sentence.getAsString()).append('\n'));

    TaskData data =
        TaskData.read(model, file("two.tsv", lines.toString()).withLanguage(masking("each")));
    Predictions predictions = Evaluation.of(model, data.encoded(), SETTINGS);

    List<Double> losses = new ArrayList<>();
    expected
        .getAsJsonArray("losses")
        .forEach(one -> one.getAsJsonArray().forEach(loss -> losses.add(loss.getAsDouble())));
    assertThat(data.ids()).hasSize(losses.size()).startsWith("two-2:1", "two-2:2");
    for (int i = 0; i < losses.size(); i++) {
      assertThat(predictions.loss(i)).as(data.ids().get(i)).isCloseTo(losses.get(i), within(EXACT));
    }
    double perplexity = expected.get("perplexity").getAsDouble();
    assertThat(data.metrics(predictions).get("perplexity"))
        .isCloseTo(perplexity, within(10 * EXACT * perplexity));
  }

  @Test
  void whatIsHiddenDependsOnTheSeedAndNotOnTheLimit() throws IOException {
    Model model = model("bert-masked-lm");
    LanguageOptions options = masking("30%");

    List<EncodedExample> all =
        TaskData.read(model, text().withLanguage(options)).encoded().examples();
    List<EncodedExample> again =
        TaskData.read(model, text().withLimit(2).withLanguage(options)).encoded().examples();
    List<EncodedExample> other =
        TaskData.read(model, text().withLanguage(options.withSeed(7))).encoded().examples();

    assertThat(labelled(again.get(1))).isEqualTo(labelled(all.get(1)));
    assertThat(labelled(all.get(0))).isNotEqualTo(labelled(all.get(1)));
    assertThat(labelled(other.get(1))).isNotEqualTo(labelled(all.get(1)));
  }

  @Test
  void marksAreNeverHidden() throws IOException {
    Model model = model("bert-masked-lm");
    DataSelection pairs =
        file("pairs.tsv", "text\ttext_pair\na 7 b\tc 8\n").withLanguage(masking("100%"));

    EncodedExample example = TaskData.read(model, pairs).encoded().examples().get(0);

    List<String> seen =
        IntStream.of(example.ids()).mapToObj(id -> model.tokenizer().token(id)).toList();
    assertThat(seen)
        .containsExactly("[CLS]", "[MASK]", "[UNK]", "[MASK]", "[SEP]", "[MASK]", "[UNK]", "[SEP]");
    assertThat(example.types()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void textsForTheirOwnSakeAreSeenWhole() throws IOException {
    Model model = model("bert-masked-lm");

    TaskData whole = TaskData.readTexts(model, text().withLimit(2));
    TaskData masked = TaskData.readTexts(model, text().withLimit(2).withLanguage(masking("15%")));

    int mask = model.tokenizer().maskId().orElseThrow();
    assertThat(whole.haveLabels()).isFalse();
    assertThat(whole.encoded().examples().get(0).ids()).doesNotContain(mask);
    assertThat(masked.haveLabels()).isTrue();
    assertThat(masked.encoded().examples().get(0).ids()).contains(mask);
    assertThat(TaskData.readTexts(model("gpt-causal-lm"), text()).haveLabels()).isTrue();
  }

  // --- what is refused

  @Test
  void optionsOfOtherModelsAreRefused() throws IOException {
    Model next = model("gpt2-causal-lm");
    Model masked = model("bert-masked-lm");
    Model classifier = model("bert-sequence-classification");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskData.read(next, text().withLanguage(masking("each"))))
        .withMessage(
            "'%s' predicts the next token, so that nothing is masked",
            next.checkpoint().directory());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskData.read(masked, text().withLanguage(stride(3))))
        .withMessage(
            "'%s' finds masked tokens, and a stride is for models of the next token",
            masked.checkpoint().directory());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TaskData.read(
                    classifier, file("a.tsv", "text\tlabel\na\t0\n").withLanguage(stride(3))))
        .withMessage(
            "a stride is for language models; '%s' is a model for sequence classification",
            classifier.checkpoint().directory());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskData.read(classifier, text().withFormat(DataFormat.TEXT)))
        .withMessage(
            "data file '%s' is plain text, which is for language models; '%s' is a model for sequence classification",
            directory.resolve("coriolanus.txt"), classifier.checkpoint().directory());
  }

  @Test
  void aStrideThatLeavesOutTokensIsRefused() throws IOException {
    Model model = model("gpt2-causal-lm");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskData.read(model, text().withMaxLength(8).withLanguage(stride(9))))
        .withMessage(
            "a stride of 9 tokens would leave out tokens between windows of 8; use 8 at most");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stride(0))
        .withMessage("the stride must be at least 1 token, got 0");
  }

  @Test
  void aModelWithoutAMaskTokenIsRefused() throws IOException {
    Model model = model("bert-masked-lm", words -> words.replace("[MASK]", "[OTHER]"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskData.read(model, text()))
        .withMessage("'%s' has no mask token in its vocabulary", model.checkpoint().directory());
  }

  @Test
  void aTextWithNothingToFindIsNamed() throws IOException {
    Model masked = model("bert-masked-lm");
    DataSelection selection = file("a.tsv", "text\na b\n7\n");

    assertThatThrownBy(() -> TaskData.read(masked, selection))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "example 'a-3' (line 3) has too few tokens: there is nothing to find in it; leave it out");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Model model = model("gpt2-causal-lm");

    assertThatThrownBy(() -> TaskData.read(model, file("empty.txt", "\n \n")))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "data file '%s' holds no examples; its columns: text; 0 lines were skipped",
            directory.resolve("empty.txt"));
  }
}
