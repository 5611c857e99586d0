package org.bertology.core.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.bertology.api.model.Mask;
import org.bertology.core.GoldenModel;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.statistics.PairedDifference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {
  private static final int LAYERS = 3;
  private static final int HEADS = 4;
  private static final int NEURONS = 48;

  /** Logits are float32; losses are sums of a few terms in double. */
  private static final double TOLERANCE = 1e-6;

  private static final AblationOptions OPTIONS = AblationOptions.defaults();

  @TempDir Path directory;

  private GoldenModel golden;
  private ModelMask ones;

  @BeforeEach
  void open() {
    golden = new GoldenModel(directory, "bert-sequence-classification");
    ones = ModelMask.ones(golden.model().config());
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private Ablation ablation(ModelMask base, AblationOptions options) {
    return Ablation.of(golden.model(), golden.data(), base, options);
  }

  private void assertPredictionsAt(ModelMask mask, Predictions found) {
    Predictions expected =
        Evaluation.of(golden.model(), golden.data(), mask, RunSettings.defaults());
    assertThat(found.toTensor().toDoubles())
        .containsExactly(expected.toTensor().toDoubles(), within(TOLERANCE));
    assertThat(found.meanLoss()).isCloseTo(expected.meanLoss(), within(TOLERANCE));
  }

  @Test
  void everyHeadIsLeftOutOnce() {
    Ablation ablation = ablation(ones, OPTIONS);

    assertThat(ablation.groups()).hasSize(LAYERS * HEADS);
    assertPredictionsAt(ones, ablation.base());
    for (int i = 0; i < ablation.groups().size(); i++) {
      Unit head = Unit.head(i / HEADS, i % HEADS);
      assertThat(ablation.groups().get(i).units()).containsExactly(head);
      assertPredictionsAt(ones.without(List.of(head)), ablation.ablated().get(i));
    }
  }

  @Test
  void ofALayerOnlyOneHeadIsKeptAndOtherLayersKeepTheirs() {
    Ablation ablation = ablation(ones, OPTIONS.withMode(AblationMode.KEEP_ONE));

    ModelMask second = ones.without(List.of(Unit.head(1, 0), Unit.head(1, 1), Unit.head(1, 3)));
    assertThat(ablation.groups()).hasSize(LAYERS * HEADS);
    assertThat(ablation.groups().get(HEADS + 2).units()).containsExactly(Unit.head(1, 2));
    assertPredictionsAt(second, ablation.ablated().get(HEADS + 2));
  }

  @Test
  void wholeLayersAreLeftOut() {
    Ablation ablation = ablation(ones, OPTIONS.withTarget(Target.LAYERS));

    assertThat(ablation.ablated()).hasSize(LAYERS);
    assertPredictionsAt(ones.without(List.of(Unit.layer(1))), ablation.ablated().get(1));
  }

  @Test
  void allNeuronsOfALayerAreOneGroupUnlessASizeIsGiven() {
    Ablation ablation = ablation(ones, OPTIONS.withTarget(Target.NEURONS));

    assertThat(ablation.groups())
        .extracting(UnitGroup::layer, UnitGroup::first, UnitGroup::last)
        .containsExactly(
            tuple(0, 0, NEURONS - 1), tuple(1, 0, NEURONS - 1), tuple(2, 0, NEURONS - 1));
    assertPredictionsAt(ones.without(ablation.groups().get(2).units()), ablation.ablated().get(2));
  }

  @Test
  void theLastGroupOfNeuronsMayBeSmaller() {
    Ablation ablation = ablation(ones, OPTIONS.withTarget(Target.NEURONS).withGroupSize(20));

    List<UnitGroup> first = ablation.groups().subList(0, 3);
    assertThat(ablation.groups()).hasSize(3 * LAYERS);
    assertThat(first).extracting(UnitGroup::size).containsExactly(20, 20, 8);
    assertThat(first.get(2)).isEqualTo(new UnitGroup(Mask.NEURONS, 0, 2, 40, 8));
    assertPredictionsAt(ones.without(first.get(2).units()), ablation.ablated().get(2));
  }

  @Test
  void whatIsMaskedAlreadyIsNotAblatedAndHasNoNumber() {
    ModelMask base = ones.without(List.of(Unit.head(0, 1), Unit.head(2, 0), Unit.neuron(1, 5)));

    Ablation ablation = ablation(base, OPTIONS);

    LayerScores losses = ablation.matrix(i -> ablation.ablated().get(i).meanLoss());
    assertThat(ablation.groups()).hasSize(LAYERS * HEADS - 2);
    assertThat(losses.get(0, 1)).isNaN();
    assertThat(losses.get(2, 0)).isNaN();
    assertThat(losses.get(2, 1)).isEqualTo(ablation.ablated().get(7).meanLoss());
    assertPredictionsAt(base.without(List.of(Unit.head(2, 1))), ablation.ablated().get(7));
  }

  @Test
  void amongKeptHeadsThoseThatTheBaseMasksStayMasked() {
    ModelMask base = ones.without(List.of(Unit.head(1, 0)));

    Ablation ablation = ablation(base, OPTIONS.withMode(AblationMode.KEEP_ONE));

    assertThat(ablation.groups()).hasSize(LAYERS * HEADS - 1);
    assertPredictionsAt(
        base.without(List.of(Unit.head(1, 2), Unit.head(1, 3))), ablation.ablated().get(HEADS));
  }

  @Test
  void differencesAreThoseFromTheBase() {
    Ablation ablation = ablation(ones, OPTIONS);

    List<PairedDifference> differences =
        ablation.differences(Measure.loss(), PairedComparison.defaults().withRandomizations(99));

    assertThat(differences).hasSize(LAYERS * HEADS);
    for (int i = 0; i < differences.size(); i++) {
      double expected = ablation.ablated().get(i).meanLoss() - ablation.base().meanLoss();
      assertThat(differences.get(i).difference()).isCloseTo(expected, within(1e-12));
      assertThat(differences.get(i).interval().orElseThrow().contains(expected)).isTrue();
    }
  }

  @Test
  void aMaskThatLeavesNothingIsRefused() {
    ModelMask none = ones.without(ones.units(Mask.LAYERS));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ablation(none, OPTIONS.withTarget(Target.LAYERS)))
        .withMessage("there is nothing to ablate: the model and its mask leave no layers");
  }

  @Test
  void keepingOneIsForHeads() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPTIONS.withTarget(Target.NEURONS).withMode(AblationMode.KEEP_ONE))
        .withMessage("keep-one is for heads, got neurons; use leave-one-out for them");
  }

  @Test
  void groupsWithoutNeuronsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPTIONS.withGroupSize(0))
        .withMessage("group size must be at least 1 neuron, got 0");
  }
}
