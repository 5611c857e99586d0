package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.model.Mask;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.data.Columns;
import org.bertology.core.export.CheckExamples;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prove.Proof;
import org.bertology.core.prove.PrunedUnits;
import org.bertology.core.prune.Cut;
import org.bertology.core.prune.ProvenCut;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cut, proven, saved and loaded again, on the backend under test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PrunedModelContract {
  /** float32; PyTorch's own float32 run is within 2e-6 of the reference. */
  private static final double FLOAT32 = 2e-5;

  private static final Path EXAMPLE = Path.of("..", "examples", "minilm-sentiment");

  private final Backend backend;

  @TempDir Path directory;

  PrunedModelContract(String engine) {
    backend = Backends.onClassPath().open(engine, BackendConfig.defaults());
  }

  @AfterAll
  void closeBackend() {
    backend.close();
  }

  /** In BERT's sequence classifier, the first layer loses all its heads. */
  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void whatIsSavedGivesTheLogitsThatTheLibraryGivesUnderTheMask(String name) {
    Golden golden = Golden.load(name);

    golden.assertEqual(
        savedLogits(golden, Mask.HEADS, "masked.head_mask"), "masked.logits", FLOAT32);
    golden.assertEqual(
        savedLogits(golden, Mask.NEURONS, "neuron_masked.neuron_mask"),
        "neuron_masked.logits",
        FLOAT32);
  }

  /** The logits of a model that was cut, saved and loaded. */
  private Tensor savedLogits(Golden golden, Mask kind, String mask) {
    Path target = directory.resolve(kind.name());
    Checkpoint whole = Checkpoint.open(golden.directory()).unshared();
    int layers = whole.config().layers().size();
    float[][] factors = new float[layers][];
    for (int layer = 0; layer < layers; layer++) {
      factors[layer] =
          kind == Mask.HEADS ? golden.maskRow(mask, layer) : golden.maskRow(mask + "." + layer, 0);
    }
    ModelMask given = ModelMask.ones(whole.config().transformer()).with(kind, factors);
    try (StagedModel staged =
        StagedModel.write(Cut.of(whole, given), Optional.empty(), target, Existing.REFUSE)) {
      staged.publish();
    }
    try (Model saved = Model.openWithoutTokenizer(target, backend)) {
      return GoldenValues.logits(golden, saved);
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void whatIsProvenIsSavedAndTellsWhatItLacks(String name) {
    Checkpoint whole = Checkpoint.open(Golden.load(name).directory()).unshared();

    assertProven(whole, withEmptyLayers(ModelMask.ones(whole.config().transformer())));
  }

  private void assertProven(Checkpoint checkpoint, ModelMask mask) {
    Path target = directory.resolve("proven");
    try (Model whole = Model.of(checkpoint, backend)) {
      Proof proof =
          ProvenCut.save(
              whole,
              mask,
              CheckExamples.of(whole.config()),
              RunSettings.defaults(),
              FLOAT32,
              Optional.empty(),
              target,
              Existing.REFUSE);

      assertThat(proof.holds()).as("%s", proof).isTrue();
      Checkpoint saved = Checkpoint.open(target);
      assertThat(saved.config().transformer()).isEqualTo(mask.cut());
      assertThat(PrunedUnits.between(checkpoint, saved)).isEqualTo(mask);
    }
  }

  /** The second layer loses all its heads, the last one all its neurons, and all lose some. */
  private static ModelMask withEmptyLayers(ModelMask ones) {
    int last = ones.config().layers().size() - 1;
    List<Unit> gone = new ArrayList<>();
    for (Mask kind : List.of(Mask.HEADS, Mask.NEURONS)) {
      int empty = kind == Mask.HEADS ? 1 : last;
      gone.addAll(
          ones.units(kind).stream()
              .filter(unit -> unit.layer() == empty || unit.index() % 3 == 1)
              .toList());
    }
    return ones.without(gone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"albert-masked-lm", "albert-sequence-classification"})
  void layersThatShareTheirParametersAreCutAlike(String name) {
    Checkpoint whole = Checkpoint.open(Golden.load(name).directory());
    ModelMask ones = ModelMask.ones(whole.config().transformer());
    List<Unit> gone = new ArrayList<>(List.of(Unit.layer(1)));
    for (Mask kind : List.of(Mask.HEADS, Mask.NEURONS)) {
      gone.addAll(
          ones.units(kind).stream()
              .filter(unit -> unit.layer() != 1 && unit.index() % 3 == 1)
              .toList());
    }

    assertProven(whole, ones.without(gone));
  }

  @Test
  void aRealModelIsPrunedProvenSavedAndPrunedAgain() throws IOException {
    try (Model whole = Model.open(EXAMPLE, backend)) {
      TaskData data =
          TaskData.read(
              whole, DataSelection.of(EXAMPLE.resolve("dev.tsv"), Columns.usual()).withLimit(40));
      ModelMask first = mask(whole, List.of(Unit.layer(4)), 5);
      Path once = directory.resolve("once");
      Path twice = directory.resolve("twice");

      Proof proof = save(whole, first, data, once);

      assertThat(proof.holds()).as("%s", proof).isTrue();
      try (Model pruned = Model.open(once, backend)) {
        assertThat(pruned.config()).isEqualTo(first.cut());
        ModelMask second = mask(pruned, List.of(), 6);
        Proof again = save(pruned, second, data, twice);

        assertThat(again.holds()).as("%s", again).isTrue();
      }
      assertThat(Files.size(twice.resolve("model.safetensors")))
          .isLessThan(Files.size(once.resolve("model.safetensors")));
    }
  }

  private static ModelMask mask(Model model, List<Unit> some, long seed) {
    Random random = new Random(seed);
    ModelMask ones = ModelMask.ones(model.config());
    List<Unit> gone = new ArrayList<>(some);
    for (Mask kind : List.of(Mask.HEADS, Mask.NEURONS)) {
      gone.addAll(ones.units(kind).stream().filter(unit -> random.nextInt(3) == 0).toList());
    }
    gone.addAll(ones.units(Mask.HEADS).stream().filter(unit -> unit.layer() == 1).toList());
    return ones.without(gone);
  }

  private Proof save(Model whole, ModelMask mask, TaskData data, Path target) {
    return ProvenCut.save(
        whole,
        mask,
        data.encoded().examples(),
        RunSettings.defaults(),
        Proof.USUAL_TOLERANCE,
        Optional.empty(),
        target,
        Existing.REFUSE);
  }
}
