package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Albert;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ModelMaskTest {
  /** Two layers of 4 and 3 heads, 5 and 6 neurons. */
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          new Bert(),
          50,
          8,
          List.of(new LayerGeometry(4, 2, 5), new LayerGeometry(3, 2, 6)),
          20,
          2,
          1e-12,
          Activation.GELU,
          2);

  private static final ModelMask ONES = ModelMask.ones(CONFIG);

  @Test
  void onesKeepEverything() {
    assertThat(ONES.kinds()).isEmpty();
    assertThat(ONES.masked(Mask.HEADS)).isEmpty();
    assertThat(ONES.get(Unit.neuron(1, 5))).isEqualTo(1);
    assertThat(ONES.units(Mask.HEADS)).hasSize(7);
    assertThat(ONES.units(Mask.LAYERS)).containsExactly(Unit.layer(0), Unit.layer(1));
    assertThat(ONES.cut()).isEqualTo(CONFIG);
  }

  @Test
  void unitsAreTakenAwayFromACopy() {
    ModelMask mask = ONES.without(List.of(Unit.head(0, 1), Unit.neuron(1, 5)));

    assertThat(mask.kinds()).containsExactly(Mask.HEADS, Mask.NEURONS);
    assertThat(mask.masked(Mask.HEADS)).containsExactly(Unit.head(0, 1));
    assertThat(mask.maskedCount(Mask.NEURONS)).isEqualTo(1);
    assertThat(mask.factors(Mask.HEADS)).isDeepEqualTo(new double[][] {{1, 0, 1, 1}, {1, 1, 1}});
    assertThat(ONES.kinds()).isEmpty();
  }

  private static ModelMask ofSharers() {
    List<LayerGeometry> layers = Collections.nCopies(3, new LayerGeometry(4, 2, 5));
    return ModelMask.ones(
        new TransformerConfig(
            new Albert(8, 3, 1), 50, 8, layers, 20, 2, 1e-12, Activation.GELU, 2));
  }

  @Test
  void layersThatShareParametersCannotBeCutApart() {
    ModelMask heads = ofSharers().without(List.of(Unit.head(0, 1), Unit.head(2, 1)));
    ModelMask neurons = ofSharers().without(List.of(Unit.neuron(0, 4), Unit.neuron(1, 3)));

    assertThatIllegalArgumentException()
        .isThrownBy(heads::cut)
        .withMessage(
            "layers 1 and 2 share their parameters, so the same heads have to go from both; mask them alike, or give each layer its own parameters with --unshare");
    assertThatIllegalArgumentException()
        .isThrownBy(neurons::cut)
        .withMessageStartingWith("layers 1 and 2 share their parameters, so the same neurons have");
  }

  @Test
  void layersThatShareParametersAreCutAlike() {
    // What of a layer is masked does not matter where the layer goes as a whole.
    ModelMask mask =
        ofSharers()
            .without(List.of(Unit.head(0, 1), Unit.head(2, 1), Unit.layer(1), Unit.head(1, 3)));

    assertThat(mask.cut().layers())
        .containsExactly(new LayerGeometry(3, 2, 5), new LayerGeometry(3, 2, 5));
    assertThat(mask.cut().family()).isEqualTo(new Albert(8, 2, 1));
  }

  @Test
  void aKindThatIsPutBackIsNoLongerMasked() {
    ModelMask mask = ONES.without(List.of(Unit.head(0, 1)));

    ModelMask back = mask.with(List.of(Unit.head(0, 1)), 1);

    assertThat(back).isEqualTo(ONES).hasSameHashCodeAs(ONES);
    assertThat(mask).isNotEqualTo(ONES);
  }

  @Test
  void aProductTakesAwayWhatEitherDoes() {
    ModelMask one = ONES.without(List.of(Unit.head(0, 1))).with(List.of(Unit.head(1, 0)), 0.5f);
    ModelMask other = ONES.with(List.of(Unit.head(1, 0)), 0.5f).without(List.of(Unit.layer(1)));

    ModelMask product = one.times(other);

    assertThat(product.get(Unit.head(0, 1))).isZero();
    assertThat(product.get(Unit.head(1, 0))).isEqualTo(0.25f);
    assertThat(product.masked(Mask.LAYERS)).containsExactly(Unit.layer(1));
  }

  @Test
  void onlyZerosAndOnesAreBinary() {
    assertThat(ONES.without(List.of(Unit.head(0, 1))).isBinary()).isTrue();
    assertThat(ONES.with(List.of(Unit.head(0, 1)), 0.5f).isBinary()).isFalse();
  }

  @Test
  void cuttingLeavesWhatIsNotMasked() {
    ModelMask heads =
        ONES.without(List.of(Unit.head(0, 0), Unit.head(0, 1), Unit.head(0, 2), Unit.head(0, 3)));

    ModelMask both = heads.without(List.of(Unit.neuron(1, 0), Unit.neuron(1, 3)));

    assertThat(both.cut().layers())
        .containsExactly(new LayerGeometry(0, 2, 5), new LayerGeometry(3, 2, 4));
    assertThat(both.cut().hiddenSize()).isEqualTo(CONFIG.hiddenSize());
  }

  @Test
  void cuttingALayerLeavesTheOthers() {
    ModelMask mask = ONES.without(List.of(Unit.layer(0), Unit.head(1, 2)));

    assertThat(mask.cut().layers()).containsExactly(new LayerGeometry(2, 2, 6));
  }

  @Test
  void unitsThatAreNotThereAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ONES.without(List.of(Unit.head(1, 3))))
        .withMessage("this model has no Unit[kind=HEADS, layer=1, index=3]");
    assertThatIllegalArgumentException().isThrownBy(() -> ONES.get(Unit.layer(2)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Unit(Mask.LAYERS, 0, 1));
  }

  @Test
  void factorsOfAnotherShapeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ONES.with(Mask.HEADS, new float[][] {{1, 1, 1}, {1, 1, 1}}))
        .withMessage("a mask of HEADS has [3, 3] factors by layer, this model needs [4, 3]");
  }

  @Test
  void everyExampleOfABatchGetsTheFactors() {
    ModelInputs inputs =
        new ModelInputs(List.of(new int[] {1}, new int[] {2}), List.of(new int[1], new int[1]), 0);
    ModelMask mask = ONES.without(List.of(Unit.layer(1), Unit.head(1, 0)));

    Map<String, Tensor> tensors = mask.addTo(inputs, Set.of(Mask.LAYERS)).tensors();

    assertThat(tensors.get("layer_mask.0").toFloats()).containsExactly(1, 1);
    assertThat(tensors.get("layer_mask.1").toFloats()).containsExactly(0, 0);
    assertThat(tensors).doesNotContainKey("head_mask.1");
  }

  @Test
  void theTableIsAsWideAsTheWidestLayer() {
    Tensor table = ONES.without(List.of(Unit.head(1, 2))).toTensor(Mask.HEADS);

    assertThat(table.shape()).containsExactly(2, 4);
    assertThat(table.toFloats()).containsExactly(1, 1, 1, 1, 1, 1, 0, 0);
  }
}
