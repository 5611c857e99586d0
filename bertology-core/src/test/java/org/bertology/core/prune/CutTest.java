package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Gpt2;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.export.CheckExamples;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prove.Proof;
import org.bertology.core.prove.PrunedUnits;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutTest {
  /** Double arithmetic that leaves out terms which are zero. */
  private static final double ROUNDING = 1e-12;

  private static final double GOLDEN = 1e-9;

  private static final String FOLDER = "bert-sequence-classification";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-masked-lm",
        "bert-regression",
        "bert-token-classification",
        "gpt-causal-lm",
        "gpt2-sequence-classification"
      })
  void tensorsAndGeometryEqualThoseThatTheLibraryCuts(String folder) throws IOException {
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    copyPruned(folder, theirs);
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      Checkpoint expected = Checkpoint.open(theirs);

      Checkpoint cut = Cut.of(golden.model().checkpoint(), headMask(golden));

      assertThat(cut.config()).isEqualTo(expected.config());
      assertThat(cut.weights().names())
          .containsExactlyInAnyOrderElementsOf(expected.weights().names());
      for (String name : expected.weights().names()) {
        assertThat(cut.weights().shape(name)).as(name).isEqualTo(expected.weights().shape(name));
        assertThat(cut.weights().get(name).toFloats())
            .as(name)
            .isEqualTo(expected.weights().get(name).toFloats());
      }
    }
  }

  /** Its scores are divided by the number of the layer. */
  @Test
  void layersThatAreLeftKeepTheNumbersThatTheirScoresDependOn() throws IOException {
    for (String file : List.of("config.json", "model.safetensors")) {
      String resource = "/goldens/gpt2-causal-lm/" + file;
      try (InputStream stream = CutTest.class.getResourceAsStream(resource)) {
        Files.copy(Objects.requireNonNull(stream, resource), directory.resolve(file));
      }
    }
    Path config = directory.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("layer_idx\": false", "layer_idx\": true"));
    try (ReferenceBackend backend = new ReferenceBackend();
        Model whole = Model.openWithoutTokenizer(directory, backend)) {
      ModelMask mask = ModelMask.ones(whole.config()).without(List.of(Unit.layer(0)));
      List<EncodedExample> examples = CheckExamples.of(whole.config());
      Checkpoint cut = Cut.of(whole.checkpoint(), mask);

      try (Model left = Model.of(cut, backend)) {
        Proof proof = Proof.of(whole, mask, left, examples, RunSettings.defaults(), GOLDEN);

        assertThat(left.config().family()).isEqualTo(new Gpt2(true, true, List.of(1, 2)));
        assertThat(proof.holds()).as("%s", proof).isTrue();
        assertThat(PrunedUnits.between(whole.checkpoint(), cut)).isEqualTo(mask);
      }
      Path saved = directory.resolve("saved");
      try (StagedModel staged = StagedModel.write(cut, Optional.empty(), saved, Existing.REFUSE)) {
        assertThat(staged.publish()).isNotEmpty();
      }
      assertThat(Checkpoint.open(saved).config()).isEqualTo(cut.config());
    }
  }

  private static void copyPruned(String folder, Path target) throws IOException {
    for (String file : List.of("config.json", "model.safetensors")) {
      String resource = "/goldens/%s/pruned/%s".formatted(folder, file);
      try (InputStream stream = CutTest.class.getResourceAsStream(resource)) {
        Files.copy(Objects.requireNonNull(stream, resource), target.resolve(file));
      }
    }
  }

  private static ModelMask headMask(GoldenModel golden) {
    double[] flat = golden.expected("masked.head_mask");
    int heads = golden.model().config().maxHeads();
    List<Unit> masked = new ArrayList<>();
    for (int i = 0; i < flat.length; i++) {
      if (flat[i] == 0) {
        masked.add(Unit.head(i / heads, i % heads));
      }
    }
    return ModelMask.ones(golden.model().config()).without(masked);
  }

  private static ModelMask neuronMask(GoldenModel golden) {
    float[][] layers = new float[golden.model().config().layers().size()][];
    for (int layer = 0; layer < layers.length; layer++) {
      double[] row = golden.expected("neuron_masked.neuron_mask." + layer);
      layers[layer] = new float[row.length];
      for (int i = 0; i < row.length; i++) {
        layers[layer][i] = (float) row[i];
      }
    }
    return ModelMask.ones(golden.model().config()).with(Mask.NEURONS, layers);
  }

  /** In the sequence classifier, the first layer loses all its heads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-sequence-classification",
        "bert-regression",
        "bert-token-classification",
        "bert-masked-lm"
      })
  void aModelWithoutHeadsGivesTheLogitsThatTheLibraryGivesUnderTheMask(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder);
        Model cut = open(golden, headMask(golden))) {
      assertEqual(logits(cut, golden), golden.expected("masked.logits"), GOLDEN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-sequence-classification",
        "bert-regression",
        "bert-token-classification",
        "bert-masked-lm"
      })
  void aModelWithoutNeuronsGivesTheLogitsThatTheLibraryGivesUnderTheMask(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder);
        Model cut = open(golden, neuronMask(golden))) {
      assertEqual(logits(cut, golden), golden.expected("neuron_masked.logits"), GOLDEN);
    }
  }

  @Test
  void aLayerWithoutHeadsAndNeuronsHasTheirOutputBiasesAlone() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask mask =
          without(golden, layerOf(golden, Mask.HEADS, 1), layerOf(golden, Mask.NEURONS, 1));

      Checkpoint cut = Cut.of(golden.model().checkpoint(), mask);

      assertThat(cut.config().layers().get(1)).isEqualTo(new LayerGeometry(0, 8, 0));
      assertThat(sizes(cut, ".layer.1."))
          .containsExactlyInAnyOrder(
              "bert.encoder.layer.1.attention.output.dense.bias [32]",
              "bert.encoder.layer.1.attention.output.LayerNorm.weight [32]",
              "bert.encoder.layer.1.attention.output.LayerNorm.bias [32]",
              "bert.encoder.layer.1.output.dense.bias [32]",
              "bert.encoder.layer.1.output.LayerNorm.weight [32]",
              "bert.encoder.layer.1.output.LayerNorm.bias [32]");
      assertThat(proof(golden, mask).absolute()).isLessThan(ROUNDING);
    }
  }

  /** Names and shapes of the tensors that hold a number. */
  private static List<String> sizes(Checkpoint model, String part) {
    return model.weights().names().stream()
        .filter(name -> name.contains(part))
        .filter(name -> model.weights().get(name).size() > 0)
        .map(name -> name + " " + Arrays.toString(model.weights().shape(name)))
        .toList();
  }

  @Test
  void layersThatAreGoneLeaveTheirNumbersToThoseAbove() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask mask = without(golden, List.of(Unit.layer(0), Unit.head(2, 1)), List.of());

      Checkpoint cut = Cut.of(golden.model().checkpoint(), mask);

      ModelConfig config = cut.config();
      assertThat(config.layers()).hasSize(2);
      assertThat(config.prunedHeads()).isEqualTo(Map.of(1, List.of(1)));
      assertThat(config.originalLayers()).containsExactly(1, 2);
      assertThat(cut.weights().get("bert.encoder.layer.0.output.dense.bias").toFloats())
          .isEqualTo(
              golden
                  .model()
                  .checkpoint()
                  .weights()
                  .get("bert.encoder.layer.1.output.dense.bias")
                  .toFloats());
      assertThat(proof(golden, mask).absolute()).isLessThan(ROUNDING);
    }
  }

  @Test
  void headsKeepTheirOriginalNumbersWhenAModelIsCutAgain() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER);
        Model once =
            open(golden, without(golden, List.of(Unit.head(0, 1), Unit.layer(1)), List.of()))) {
      ModelMask second =
          ModelMask.ones(once.config()).without(List.of(Unit.head(0, 1), Unit.head(1, 3)));

      Checkpoint twice = Cut.of(once.checkpoint(), second);

      assertThat(twice.config().prunedHeads()).isEqualTo(Map.of(0, List.of(1, 2), 1, List.of(3)));
      assertThat(twice.config().originalLayers()).containsExactly(0, 2);
      ModelMask both =
          without(
              golden,
              List.of(Unit.layer(1), Unit.head(0, 1), Unit.head(0, 2), Unit.head(2, 3)),
              List.of());
      try (Model model = Model.of(twice, golden.model().backend())) {
        assertThat(proof(golden, both, model).absolute()).isLessThan(ROUNDING);
      }
    }
  }

  @Test
  void aCutOfTheSameNumberOfNeuronsInEveryLayerIsANarrowerModel() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask mask =
          without(
              golden, List.of(Unit.neuron(0, 0), Unit.neuron(1, 5), Unit.neuron(2, 47)), List.of());

      ModelConfig config = Cut.of(golden.model().checkpoint(), mask).config();

      assertThat(config.intermediateSize()).isEqualTo(47);
      assertThat(config.isPruned()).isFalse();
    }
  }

  @Test
  void whatIsCutAtRandomIsWhatIsMasked() {
    Random random = new Random(20);
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      for (int round = 0; round < 60; round++) {
        ModelMask mask = randomMask(golden, random);
        if (mask.cut().totalHeads() == 0) {
          continue;
        }

        assertThat(proof(golden, mask).absolute()).as("%s", mask).isLessThan(ROUNDING);
      }
    }
  }

  private static ModelMask randomMask(GoldenModel golden, Random random) {
    ModelMask ones = ModelMask.ones(golden.model().config());
    List<Unit> gone = new ArrayList<>();
    for (Mask kind : Mask.values()) {
      double share = kind == Mask.LAYERS ? 0.3 : random.nextDouble();
      gone.addAll(ones.units(kind).stream().filter(unit -> random.nextDouble() < share).toList());
    }
    gone.remove(Unit.layer(random.nextInt(golden.model().config().layers().size())));
    boolean noLayer = ones.without(gone).cut().layers().isEmpty();
    return noLayer ? ones : ones.without(gone);
  }

  @Test
  void aMaskThatScalesIsRefused() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask mask = ModelMask.ones(golden.model().config()).with(List.of(Unit.head(0, 0)), 0.5f);

      assertRefused(
          golden,
          mask,
          "a mask with factors other than 0 and 1 scales what it masks and cannot be cut out; use 0"
              + " for what goes and 1 for what stays");
    }
  }

  @Test
  void aModelKeepsALayerAndAHead() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask ones = ModelMask.ones(golden.model().config());

      assertRefused(
          golden,
          ones.without(ones.units(Mask.LAYERS)),
          "all 3 layers are to go; keep at least one");
      assertRefused(
          golden,
          ones.without(ones.units(Mask.HEADS)),
          "all 12 heads of all layers are to go; keep at least one");
    }
  }

  @Test
  void aMaskOfAnotherModelIsRefused() {
    try (GoldenModel golden = new GoldenModel(directory, FOLDER)) {
      ModelMask ones = ModelMask.ones(golden.model().config());
      ModelMask other = ModelMask.ones(ones.without(List.of(Unit.head(0, 0))).cut());

      assertRefused(
          golden,
          other,
          "the mask is of a model of another geometry; make it from this model's configuration");
    }
  }

  private static void assertRefused(GoldenModel golden, ModelMask mask, String message) {
    assertThatThrownBy(() -> Cut.of(golden.model().checkpoint(), mask))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static List<Unit> layerOf(GoldenModel golden, Mask kind, int layer) {
    return ModelMask.ones(golden.model().config()).units(kind).stream()
        .filter(unit -> unit.layer() == layer)
        .toList();
  }

  private static ModelMask without(GoldenModel golden, List<Unit> some, List<Unit> others) {
    return ModelMask.ones(golden.model().config()).without(some).without(others);
  }

  private static Proof proof(GoldenModel golden, ModelMask mask) {
    try (Model cut = open(golden, mask)) {
      return proof(golden, mask, cut);
    }
  }

  private static Proof proof(GoldenModel golden, ModelMask mask, Model cut) {
    return Proof.of(
        golden.model(), mask, cut, golden.data().examples(), RunSettings.defaults(), 1e-4);
  }

  private static Model open(GoldenModel golden, ModelMask mask) {
    return Model.of(Cut.of(golden.model().checkpoint(), mask), golden.model().backend());
  }

  private static double[] logits(Model model, GoldenModel golden) {
    try (CompiledGraph compiled = model.compile(model.graph(Set.of()), List.of(Hooks.LOGITS))) {
      Map<String, Tensor> inputs = new HashMap<>(model.inputs(golden.data().examples()).tensors());
      inputs.keySet().retainAll(compiled.inputs().keySet());
      return Objects.requireNonNull(compiled.run(inputs).get(Hooks.LOGITS)).toDoubles();
    }
  }

  private static void assertEqual(double[] actual, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance * largest));
    }
  }
}
