package org.bertology.core.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.bertology.api.model.Mask;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.data.Label;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
  /** Double arithmetic in another order of summation, relative to the largest entry. */
  private static final double REFERENCE_TOLERANCE = 1e-9;

  private static final String CLASSIFIER = "bert-sequence-classification";
  private static final RunSettings SETTINGS = RunSettings.defaults().withWorkers(2);

  @TempDir Path directory;
  @TempDir Path output;

  private static Map<String, String> goldenNames() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("embeddings", "hidden_states.0");
    for (int layer = 0; layer < 3; layer++) {
      names.put("layer." + layer, "hidden_states." + (layer + 1));
      names.put("layer.%d.attention.probabilities".formatted(layer), "attentions." + layer);
      names.put("layer.%d.attention.context".formatted(layer), "context." + layer);
      names.put(
          "layer.%d.attention.context.gradient".formatted(layer), "context_gradient." + layer);
      names.put("layer.%d.attention.gate.gradient".formatted(layer), "token_score." + layer);
    }
    names.put("logits", "logits");
    names.put("loss", "loss_per_example");
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {CLASSIFIER, "bert-regression", "bert-token-classification", "bert-masked-lm"})
  void everyHookEqualsWhatHuggingFaceComputes(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      List<String> hooks = List.copyOf(goldenNames().keySet());

      Map<String, Tensor> stacked =
          Activations.of(golden.model(), hooks).stacked(golden.data(), SETTINGS);

      goldenNames()
          .forEach(
              (hook, name) ->
                  assertClose(hook, stacked.get(hook).toDoubles(), real(golden, hook, name)));
    }
  }

  /** The expected values with zeros at padding, where the library has numbers without meaning. */
  private static double[] real(GoldenModel golden, String hook, String name) {
    double[] values = golden.expected(name);
    boolean byHead = hook.contains("attention");
    boolean byKey = hook.endsWith("probabilities");
    boolean perToken =
        byHead
            || hook.startsWith("layer")
            || hook.equals("embeddings")
            || hook.equals("logits") && values.length > 3 * golden.longest();
    if (!perToken) {
      return values;
    }
    int longest = golden.longest();
    int heads = byHead ? 4 : 1;
    int inner = values.length / (3 * heads * longest);
    for (int i = 0; i < values.length; i++) {
      int token = i / inner % longest;
      int key = byKey ? i % inner : 0;
      int length = golden.data().examples().get(i / (heads * longest * inner)).length();
      values[i] = token < length && key < length ? values[i] : 0;
    }
    return values;
  }

  private static void assertClose(String what, double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(what).containsExactly(expected, within(REFERENCE_TOLERANCE * largest));
  }

  @Test
  void aHeadMaskChangesWhatIsObserved() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      ModelMask mask = MaskText.parse(Mask.HEADS, "1:1,2,3,4 2:2 3:1,3", golden.model().config());

      Map<String, Tensor> stacked =
          Activations.of(golden.model(), List.of("logits", "loss"))
              .withMask(mask)
              .stacked(golden.data(), SETTINGS);

      assertClose("logits", stacked.get("logits").toDoubles(), golden.expected("masked.logits"));
      assertClose(
          "loss", stacked.get("loss").toDoubles(), golden.expected("masked.loss_per_example"));
    }
  }

  @Test
  void anExampleByItselfHasNoPadding() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations =
          Activations.of(
              golden.model(),
              List.of("layer.1", "layer.1.attention.probabilities", "layer.0.gradient", "loss"));
      Map<String, Tensor> stacked = activations.stacked(golden.data(), SETTINGS);
      Map<Integer, Map<String, Tensor>> single = new HashMap<>();

      activations.forEach(
          golden.data(), SETTINGS, (example, values) -> single.put(example.index(), values));

      assertThat(single).containsOnlyKeys(0, 1, 2);
      assertThat(single.get(1)).containsOnlyKeys(activations.names());
      assertThat(single.get(1).get("layer.1").shape()).containsExactly(6, 32);
      assertThat(single.get(1).get("layer.0.gradient").shape()).containsExactly(6, 32);
      assertThat(single.get(1).get("layer.1.attention.probabilities").shape())
          .containsExactly(4, 6, 6);
      assertThat(single.get(1).get("loss").shape()).isEmpty();
      assertThat(single.get(1).get("layer.1").toDoubles())
          .isEqualTo(
              Arrays.copyOfRange(stacked.get("layer.1").toDoubles(), 9 * 32, 9 * 32 + 6 * 32));
    }
  }

  @Test
  void batchesAndPaddingChangeNothing() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations =
          Activations.of(golden.model(), List.of("hidden-states.gradient", "attentions"));

      Map<String, Tensor> together = activations.stacked(golden.data(), SETTINGS);
      Map<String, Tensor> alone = activations.stacked(golden.data(), SETTINGS.withBatchTokens(1));

      activations
          .names()
          .forEach(
              name ->
                  assertClose(name, alone.get(name).toDoubles(), together.get(name).toDoubles()));
    }
  }

  @Test
  void stackedArraysComeWithTokens() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Map<String, Tensor> stacked =
          Activations.of(golden.model(), List.of("pooled")).stacked(golden.data(), SETTINGS);

      assertThat(stacked.keySet())
          .containsExactly("pooled", "input_ids", "attention_mask", "lengths");
      assertThat(stacked.get("lengths").toLongs()).containsExactly(9, 6, 3);
      assertThat(stacked.get("input_ids").shape()).containsExactly(3, 9);
      assertThat(Arrays.copyOfRange(stacked.get("input_ids").toLongs(), 18, 27))
          .containsExactly(21, 22, 89, 0, 0, 0, 0, 0, 0);
      assertThat(Arrays.copyOfRange(stacked.get("attention_mask").toLongs(), 18, 27))
          .containsExactly(1, 1, 1, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void aSafeTensorsFileHoldsTheStackedArrays() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations =
          Activations.of(golden.model(), List.of("contexts", "contexts.gradient", "loss"));
      Path file = output.resolve("activations.safetensors");

      activations.write(
          golden.data(), SETTINGS, ActivationFormat.SAFETENSORS, file, Existing.REFUSE);

      SafeTensors written = SafeTensors.open(file);
      Map<String, Tensor> stacked = activations.stacked(golden.data(), SETTINGS);
      assertThat(written.names()).hasSameElementsAs(stacked.keySet());
      stacked.forEach((name, tensor) -> assertSame(written.tensor(name), tensor));
      assertThat(written.metadata()).containsEntry("format", "pt");
      assertThat(output).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  @Test
  void aDirectoryHoldsOneArrayPerFile() throws IOException {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations = Activations.of(golden.model(), List.of("attentions", "logits"));
      Path target = output.resolve("new/arrays");

      activations.write(golden.data(), SETTINGS, ActivationFormat.NPY, target, Existing.REFUSE);

      Map<String, Tensor> stacked = activations.stacked(golden.data(), SETTINGS);
      for (Map.Entry<String, Tensor> array : stacked.entrySet()) {
        assertSame(Npy.read(target.resolve(array.getKey() + ".npy")), array.getValue());
      }
      try (Stream<Path> files = Files.list(target)) {
        assertThat(files).hasSize(stacked.size());
      }
    }
  }

  @Test
  void aRunThatFailsLeavesNoDirectory() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations = Activations.of(golden.model(), List.of("attentions", "logits"));
      RunSettings failing =
          SETTINGS.withProgress(
              (done, total) -> {
                throw new IllegalStateException("enough");
              });

      assertThatThrownBy(
              () ->
                  activations.write(
                      golden.data(),
                      failing,
                      ActivationFormat.NPY,
                      output.resolve("new/arrays"),
                      Existing.REFUSE))
          .hasMessage("enough");

      assertThat(output).isEmptyDirectory();
    }
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.type()).isEqualTo(expected.type());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.bytes()).isEqualTo(expected.bytes());
  }

  @Test
  void aFileThatExistsIsKeptUnlessItMayBeReplaced() throws IOException {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations = Activations.of(golden.model(), List.of("logits"));
      Path last = Files.writeString(output.resolve("lengths.npy"), "mine");

      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  activations.write(
                      golden.data(), SETTINGS, ActivationFormat.NPY, output, Existing.REFUSE))
          .withMessageContaining("lengths.npy' exists; choose another name");

      assertThat(last).hasContent("mine");
      assertThat(output.resolve("logits.npy")).doesNotExist();
      activations.write(golden.data(), SETTINGS, ActivationFormat.NPY, output, Existing.REPLACE);
      assertThat(Npy.read(last).toLongs()).containsExactly(9, 6, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anInterruptDuringOrAfterTheRunLeavesNoFile(int examplesDone) {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations = Activations.of(golden.model(), List.of("logits"));
      Thread caller = Thread.currentThread();
      RunSettings interrupting =
          RunSettings.defaults()
              .withWorkers(1)
              .withBatchTokens(1)
              .withProgress(
                  (done, total) -> {
                    if (done == examplesDone) {
                      caller.interrupt();
                    }
                  });

      assertThatThrownBy(
              () ->
                  activations.write(
                      golden.data(),
                      interrupting,
                      ActivationFormat.SAFETENSORS,
                      output.resolve("a.safetensors"),
                      Existing.REFUSE))
          .isInstanceOf(CancellationException.class);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(output).isEmptyDirectory();
    }
  }

  @Test
  void gradientsNeedLabels() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      EncodedData unlabelled = withLabels(golden.data(), Optional.empty());
      EncodedData wrong = withLabels(golden.data(), Optional.of(new Label.Score(1)));
      String message =
          "the loss and gradients of a model for sequence classification need a fitting label of"
              + " every example; name the column";

      for (String hook : List.of("layer.0.gradient", "loss")) {
        Activations activations = Activations.of(golden.model(), List.of(hook));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> activations.stacked(unlabelled, SETTINGS))
            .withMessage(message);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> activations.forEach(wrong, SETTINGS, (example, values) -> {}))
            .withMessage(message);
      }
      assertThat(Activations.of(golden.model(), List.of("layer.0")).stacked(unlabelled, SETTINGS))
          .containsKey("layer.0");
    }
  }

  private static EncodedData withLabels(EncodedData data, Optional<Label> label) {
    return new EncodedData(
        data.examples().stream()
            .map(e -> new EncodedExample(e.index(), e.ids(), e.types(), label))
            .toList(),
        0);
  }

  @Test
  void anEncoderHasNoGradients() throws IOException {
    new GoldenModel(directory, CLASSIFIER).close();
    Path config = directory.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("BertForSequenceClassification", "BertModel"));
    try (ReferenceBackend backend = new ReferenceBackend();
        Model model = Model.openWithoutTokenizer(directory, backend)) {

      assertThatIllegalArgumentException()
          .isThrownBy(() -> Activations.of(model, List.of("pooled", "layer.*.gradient")))
          .withMessageContaining(
              "is an encoder without a task, so it has no loss and no gradients");
      assertThat(Activations.of(model, List.of("**")).names())
          .contains("pooled", "layer.2")
          .doesNotContain("loss", "logits");
    }
  }

  @Test
  void nothingToObserveIsRefused() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations = Activations.of(golden.model(), List.of("pooled"));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> activations.stacked(new EncodedData(List.of(), 0), SETTINGS))
          .withMessage("there are no examples to observe; the data is empty");
    }
  }

  @Test
  void theSizeIsKnownBeforehand() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      Activations activations =
          Activations.of(golden.model(), List.of("layer.0.attention.probabilities"));

      long bytes = activations.bytes(golden.data());

      long attention = 3 * 4 * 9 * 9 * 8;
      long tokens = 2 * 3 * 9 * 8 + 3 * 8;
      assertThat(bytes).isEqualTo(attention + tokens);
    }
  }

  @Test
  void anArrayBeyondMemoryIsRefusedWithItsSize() {
    StackedArrays arrays =
        new StackedArrays(
            List.of(new StackedArray("layer.0", DType.F32, new long[] {1_000_000, 128, 768})));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> arrays.toMemory(sink -> {}))
        .withMessage(
            "'layer.0' of all examples takes 393216000000 bytes; at most 2147483647 are held in"
                + " memory: write it to a file, or limit the examples");
  }

  @Test
  void aFileThatDoesNotFitOnTheDiskIsRefusedBeforeTheWork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackedArrays.requireSpace(output.resolve("a"), Long.MAX_VALUE))
        .withMessageStartingWith("the activations take 9223372036854775807 bytes, '")
        .withMessageEndingWith(" left; ask for fewer hooks or limit the examples");
  }
}
