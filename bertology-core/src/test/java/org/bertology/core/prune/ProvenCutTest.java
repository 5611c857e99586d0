package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.StoredSize;
import org.bertology.core.model.Unit;
import org.bertology.core.prove.Proof;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenCutTest {
  /** Double arithmetic that leaves out terms which are zero. */
  private static final double ROUNDING = 1e-12;

  @TempDir Path directory;
  @TempDir Path parent;

  private GoldenModel golden;
  private ModelMask ones;
  private Path target;

  @BeforeEach
  void open() {
    golden = new GoldenModel(directory, "bert-sequence-classification");
    ones = ModelMask.ones(golden.model().config());
    target = parent.resolve("pruned");
  }

  @AfterEach
  void close() {
    golden.close();
  }

  @Test
  void whatIsSavedIsWhatWasMasked() {
    ModelMask mask = ones.without(List.of(Unit.head(0, 2), Unit.neuron(1, 7), Unit.layer(2)));

    Proof proof = save(mask, Proof.USUAL_TOLERANCE, Optional.empty());

    assertThat(proof.holds()).isTrue();
    assertThat(proof.examples()).isEqualTo(3);
    assertThat(proof.absolute()).isLessThan(ROUNDING);
    assertSavedEquals(golden.model(), mask);
  }

  private void assertSavedEquals(Model whole, ModelMask mask) {
    try (Model saved = Model.openWithoutTokenizer(target, whole.backend())) {
      Proof again =
          Proof.of(whole, mask, saved, golden.data().examples(), RunSettings.defaults(), ROUNDING);

      assertThat(saved.config()).isEqualTo(mask.cut());
      assertThat(again.holds()).as("%s", again).isTrue();
    }
  }

  @Test
  void aLayerWithoutHeadsOrNeuronsIsSavedToo() {
    ModelMask mask =
        ones.without(ones.units(Mask.HEADS).subList(0, 4))
            .without(ones.units(Mask.NEURONS).subList(48, 96));

    save(mask, Proof.USUAL_TOLERANCE, Optional.empty());

    assertSavedEquals(golden.model(), mask);
  }

  @Test
  void aSavedModelIsPrunedAgain() {
    ModelMask first = ones.without(List.of(Unit.head(1, 0), Unit.layer(0)));
    save(first, Proof.USUAL_TOLERANCE, Optional.empty());
    Path once = target;
    target = parent.resolve("twice");

    try (Model model = Model.openWithoutTokenizer(once, golden.model().backend())) {
      ModelMask second =
          ModelMask.ones(model.config()).without(List.of(Unit.head(0, 0), Unit.neuron(1, 3)));
      save(model, second, Proof.USUAL_TOLERANCE, Optional.empty());
    }

    assertSavedEquals(golden.model(), first.without(List.of(Unit.head(1, 1), Unit.neuron(2, 3))));
  }

  @Test
  void aModelInPyTorchsFormatIsPrunedToo() throws IOException {
    Path torch = Files.createDirectory(parent.resolve("torch"));
    Files.copy(directory.resolve("config.json"), torch.resolve("config.json"));
    String weights = "/goldens/bert-sequence-classification/pytorch_model.bin";
    try (InputStream stream = getClass().getResourceAsStream(weights)) {
      Files.copy(Objects.requireNonNull(stream, weights), torch.resolve("pytorch_model.bin"));
    }
    ModelMask mask = ones.without(List.of(Unit.head(0, 2), Unit.neuron(1, 7), Unit.layer(2)));

    try (Model model = Model.openWithoutTokenizer(torch, golden.model().backend())) {
      assertThat(StoredSize.of(model.checkpoint()))
          .isEqualTo(StoredSize.of(golden.model().checkpoint()));
      assertThat(save(model, mask, Proof.USUAL_TOLERANCE, Optional.empty()).holds()).isTrue();
    }

    assertSavedEquals(golden.model(), mask);
  }

  @Test
  void whatRoundingCostsIsPartOfTheDifference() {
    ModelMask mask = ones.without(List.of(Unit.head(0, 2)));

    Proof halves = save(mask, 1, Optional.of(StoredType.F16));
    target = parent.resolve("bfloats");
    Proof bfloats = save(mask, 1, Optional.of(StoredType.BF16));

    assertThat(halves.relative()).isBetween(1e-6, 1e-2);
    assertThat(bfloats.relative()).isBetween(halves.relative(), 1e-1);
    assertThat(target).isDirectory();
  }

  @Test
  void nothingIsWrittenIfTheProofDoesNotHold() {
    Proof proof = save(ones.without(List.of(Unit.head(0, 2))), 1e-9, Optional.of(StoredType.BF16));

    assertThat(proof.holds()).isFalse();
    assertThat(proof.example()).isPresent();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void nothingIsWrittenOfAMaskThatCannotBeCut() {
    ModelMask mask = ones.without(ones.units(Mask.LAYERS));

    assertThatThrownBy(() -> save(mask, 1, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("all 3 layers are to go; keep at least one");
    assertThat(parent).isEmptyDirectory();
  }

  private Proof save(ModelMask mask, double tolerance, Optional<StoredType> type) {
    return save(golden.model(), mask, tolerance, type);
  }

  private Proof save(Model model, ModelMask mask, double tolerance, Optional<StoredType> type) {
    return ProvenCut.save(
        model,
        mask,
        golden.data().examples(),
        RunSettings.defaults(),
        tolerance,
        type,
        target,
        Existing.REFUSE);
  }
}
