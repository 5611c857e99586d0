package org.bertology.core.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Cut;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunedUnitsTest {
  @TempDir Path directory;
  @TempDir Path parent;

  private GoldenModel golden;
  private Checkpoint whole;
  private ModelMask ones;

  @BeforeEach
  void open() {
    golden = new GoldenModel(directory, "bert-sequence-classification");
    whole = golden.model().checkpoint();
    ones = ModelMask.ones(golden.model().config());
  }

  @AfterEach
  void close() {
    golden.close();
  }

  @Test
  void whatWasCutIsTold() {
    ModelMask mask =
        ones.without(
            List.of(
                Unit.head(0, 1),
                Unit.head(2, 3),
                Unit.neuron(0, 0),
                Unit.neuron(0, 47),
                Unit.neuron(2, 20),
                Unit.layer(1)));

    assertThat(PrunedUnits.between(whole, Cut.of(whole, mask))).isEqualTo(mask);
  }

  @Test
  void layersWithoutHeadsOrNeuronsAreTold() {
    ModelMask mask =
        ones.without(ones.units(Mask.HEADS).subList(0, 4))
            .without(ones.units(Mask.NEURONS).subList(48, 96));

    assertThat(PrunedUnits.between(whole, Cut.of(whole, mask))).isEqualTo(mask);
  }

  @Test
  void roundedWeightsTellToo() {
    ModelMask mask = ones.without(List.of(Unit.neuron(0, 3), Unit.neuron(1, 30)));
    Path target = parent.resolve("pruned");
    try (StagedModel staged =
        StagedModel.write(
            Cut.of(whole, mask), Optional.of(StoredType.BF16), target, Existing.REFUSE)) {
      staged.publish();
    }

    assertThat(PrunedUnits.between(whole, Checkpoint.open(target))).isEqualTo(mask);
  }

  @Test
  void whatIsGoneOfAPrunedModelIsToldInItsOwnCount() {
    Checkpoint once = Cut.of(whole, ones.without(List.of(Unit.layer(0), Unit.head(1, 0))));
    ModelMask second =
        ModelMask.ones(once.config().transformer())
            .without(List.of(Unit.head(0, 1), Unit.neuron(1, 4)));

    assertThat(PrunedUnits.between(once, Cut.of(once, second))).isEqualTo(second);
  }

  @Test
  void nothingIsGoneOfTheSameModel() {
    assertThat(PrunedUnits.between(whole, whole)).isEqualTo(ones);
  }

  @Test
  void headsAndLayersThatNobodyWroteDownAreAsked() {
    List<LayerGeometry> layers = whole.config().layers();
    LayerGeometry fewer = new LayerGeometry(3, 8, 48);

    assertRefused(
        pruned(List.of(layers.get(0), fewer, layers.get(2))),
        "'%s' does not tell which heads of layer 2 are gone; say what was taken away with"
            + " --head-mask, --neuron-mask and --layer-mask");
    assertRefused(
        pruned(layers.subList(0, 2)),
        "'%s' does not tell which of the 3 layers are gone; say what was taken away with"
            + " --head-mask, --neuron-mask and --layer-mask");
  }

  @Test
  void neuronsWhoseWeightsChangedAreAsked() {
    Checkpoint cut = Cut.of(whole, ones.without(List.of(Unit.neuron(0, 0))));
    Checkpoint ofOtherNeurons =
        cut.with(
            cut.config(),
            Cut.of(whole, ones.without(List.of(Unit.layer(0), Unit.neuron(1, 0)))).weights());

    assertRefused(
        ofOtherNeurons,
        "'%s' does not tell which neurons of layer 1 are gone; say what was taken away with"
            + " --head-mask, --neuron-mask and --layer-mask");
  }

  @Test
  void anotherModelIsRefused() {
    ModelMask some = ones.without(List.of(Unit.layer(0), Unit.head(1, 0)));
    Checkpoint cut = Cut.of(whole, some);

    assertThatThrownBy(() -> PrunedUnits.between(cut, whole))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not tell which of the 2 layers are gone");
    assertThatThrownBy(
            () -> PrunedUnits.between(cut, Cut.of(whole, ones.without(List.of(Unit.layer(2))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is no pruned form of '%s': it has a layer 1", directory, directory);
    assertThatThrownBy(
            () -> PrunedUnits.between(cut, Cut.of(whole, ones.without(List.of(Unit.layer(0))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is no pruned form of '%s': it has heads in layer 1 that the other lacks",
            directory, directory);
  }

  private Checkpoint pruned(List<LayerGeometry> layers) {
    ModelConfig config = whole.config();
    return whole.with(
        config.pruned(Map.of(), config.transformer().withLayers(layers), List.of()),
        whole.weights());
  }

  private void assertRefused(Checkpoint pruned, String message) {
    assertThatThrownBy(() -> PrunedUnits.between(whole, pruned))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message, directory);
  }
}
