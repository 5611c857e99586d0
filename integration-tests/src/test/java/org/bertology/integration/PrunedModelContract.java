package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.model.Mask;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
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

    golden.assertEqual(savedLogits(golden, Mask.HEADS), "masked.logits", FLOAT32);
    golden.assertEqual(savedLogits(golden, Mask.NEURONS), "neuron_masked.logits", FLOAT32);
  }

  private Tensor savedLogits(Golden golden, Mask kind) {
    TransformerConfig config =
        Checkpoint.open(golden.directory()).unshared().config().transformer();
    ModelMask mask = ModelMask.ones(config).with(kind, golden.mask(kind, config));
    return savedLogits(golden, mask, directory.resolve(kind.name()));
  }

  /** The logits of a model that was cut, saved and loaded. */
  private Tensor savedLogits(Golden golden, ModelMask mask, Path target) {
    Checkpoint whole = Checkpoint.open(golden.directory()).unshared();
    try (StagedModel staged =
        StagedModel.write(Cut.of(whole, mask), Optional.empty(), target, Existing.REFUSE)) {
      staged.publish();
    }
    try (Model saved = Model.openWithoutTokenizer(target, backend)) {
      assertThat(saved.config()).isEqualTo(mask.cut());
      return GoldenValues.logits(golden, saved);
    }
  }

  /** Each of the attentions loses heads, and one of each all; then each stack a layer. */
  @ParameterizedTest
  @ValueSource(strings = {"t5-seq2seq-lm", "t5-v1_1-seq2seq-lm"})
  void everyPartOfAnEncoderAndDecoderIsCutProvenAndSaved(String name) {
    Golden golden = Golden.load(name);
    for (Stack stack : List.of(Stack.ENCODER, Stack.DECODER, Stack.CROSS)) {
      for (int layer = 0; layer < 2; layer++) {
        assertCutEqualsMasked(golden, stack + "-some-" + layer, heads(stack, layer, 1, 3));
        assertCutEqualsMasked(golden, stack + "-all-" + layer, heads(stack, layer, 0, 1, 2, 3));
      }
    }
    for (int layer = 0; layer < 4; layer++) {
      assertCutEqualsMasked(golden, "neurons-" + layer, neurons(layer, 17, 48));
      assertCutEqualsMasked(golden, "no-neurons-" + layer, neurons(layer, 0, 48));
      assertCutEqualsMasked(golden, "layer-" + layer, List.of(Unit.layer(layer)));
    }
    List<Unit> everywhere = new ArrayList<>(List.of(Unit.layer(0), Unit.layer(3)));
    everywhere.addAll(heads(Stack.ENCODER, 1, 0));
    everywhere.addAll(heads(Stack.DECODER, 0, 0, 1, 2, 3));
    everywhere.addAll(heads(Stack.CROSS, 0, 2));
    everywhere.addAll(neurons(2, 5, 40));
    assertCutEqualsMasked(golden, "everywhere", everywhere);
  }

  private static List<Unit> heads(Stack stack, int layer, Integer... heads) {
    int first = 2 * (stack.ordinal() - Stack.ENCODER.ordinal());
    return Arrays.stream(heads).map(head -> Unit.head(first + layer, head)).toList();
  }

  private static List<Unit> neurons(int layer, int from, int to) {
    return IntStream.range(from, to).mapToObj(neuron -> Unit.neuron(layer, neuron)).toList();
  }

  private void assertCutEqualsMasked(Golden golden, String name, List<Unit> gone) {
    try (Model whole = Model.openWithoutTokenizer(golden.directory(), backend)) {
      ModelMask mask = ModelMask.ones(whole.config()).without(gone);
      double[] masked = GoldenValues.logits(golden, whole, mask).toDoubles();

      Tensor saved = savedLogits(golden, mask, directory.resolve(name));

      Golden.assertEqual(saved.toDoubles(), masked, name, FLOAT32);
      Checkpoint left = Checkpoint.open(directory.resolve(name));
      assertThat(PrunedUnits.between(whole.checkpoint(), left).cut()).isEqualTo(mask.cut());
      try (Model model = Model.of(left, backend)) {
        Proof proof =
            Proof.of(
                whole,
                mask,
                model,
                CheckExamples.of(whole.config()),
                RunSettings.defaults(),
                Proof.USUAL_TOLERANCE);
        assertThat(proof.holds()).as("%s: %s", name, proof).isTrue();
      }
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
