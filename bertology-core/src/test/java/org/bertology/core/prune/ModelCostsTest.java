package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.model.Mask;
import org.bertology.api.model.Task;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.EvaluationPass;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelInfo;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.ParameterCounts;
import org.bertology.core.model.StoredSize;
import org.bertology.core.model.Unit;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCostsTest {
  @TempDir Path directory;

  private GoldenModel golden;
  private Model model;
  private ModelMask ones;

  @BeforeEach
  void open() throws IOException {
    golden =
        new GoldenModel(
            Files.createDirectory(directory.resolve("model")), "bert-sequence-classification");
    model = golden.model();
    ones = ModelMask.ones(model.config());
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private ModelCosts costs() {
    return new ModelCosts(model, 16, Optional.empty());
  }

  @Test
  void theWholeModelCostsWhatItsDescriptionSays() {
    ModelInfo info = ModelInfo.of(model, 1, 16);

    ModelSize size = costs().sizeIfCut(ones).orElseThrow();

    assertThat(size)
        .isEqualTo(
            new ModelSize(
                info.parameters().total(), info.flops().narrowed(), info.stored().bytes()));
  }

  @Test
  void aCutModelCostsWhatTheSavedOneDoes() {
    ModelMask mask =
        ones.without(List.of(Unit.head(0, 1), Unit.head(0, 2), Unit.neuron(0, 3), Unit.layer(1)));
    Path saved = directory.resolve("saved");
    try (StagedModel staged =
        StagedModel.write(
            Cut.of(model.checkpoint(), mask), Optional.empty(), saved, Existing.REFUSE)) {
      staged.publish();
    }

    ModelSize size = costs().sizeIfCut(mask).orElseThrow();

    try (ReferenceBackend backend = new ReferenceBackend();
        Model loaded = Model.openWithoutTokenizer(saved, backend)) {
      ModelInfo info = ModelInfo.of(loaded, 1, 16);
      assertThat(size.parameters()).isEqualTo(info.parameters().total());
      assertThat(size.flops()).isEqualTo(info.flops().narrowed());
      assertThat(size.bytes()).isEqualTo(StoredSize.of(loaded.checkpoint()).bytes());
    }
  }

  @Test
  void whatCannotBeCutHasNoSize() {
    assertThat(costs().sizeIfCut(ones.without(ones.units(Mask.HEADS)))).isEmpty();
    assertThat(costs().sizeIfCut(ones.without(ones.units(Mask.LAYERS)))).isEmpty();
  }

  @Test
  void budgetsSeeTheSameNumbers() {
    ModelMask mask = ones.without(List.of(Unit.head(0, 1)));
    ModelSize size = costs().sizeIfCut(mask).orElseThrow();

    assertThat(costs().of(Quantity.PARAMETERS, mask)).isEqualTo(size.parameters());
    assertThat(costs().of(Quantity.FLOPS, mask)).isEqualTo(size.flops());
    assertThat(costs().of(Quantity.BYTES, mask)).isEqualTo(size.bytes());
  }

  @Test
  void timeIsTheMeters() {
    ModelCosts measured =
        new ModelCosts(model, 16, Optional.of(mask -> 7 - mask.maskedCount(Mask.HEADS)));

    assertThat(measured.of(Quantity.LATENCY, ones.without(List.of(Unit.head(0, 1))))).isEqualTo(6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> costs().of(Quantity.LATENCY, ones))
        .withMessage("nobody measures time here");
  }

  @Test
  void theMeterOfCutModelsTellsSeconds() {
    CutLatency meter = new CutLatency(model, 4);

    assertThat(meter.seconds(ones)).isPositive();
    assertThat(meter.seconds(ones.without(List.of(Unit.head(0, 1), Unit.layer(1))))).isPositive();
  }

  @Test
  void bertBaseLosesTheParametersThatArePublished() {
    ModelMask bertBase = ModelMask.ones(PublishedImportance.bertBase());
    PruningOrder order =
        PruningOrder.of(PublishedImportance.scores(), Mask.HEADS, bertBase, SelectionRules.NONE);
    long whole = parameters(bertBase);

    // A head of BERT-base: 3 (768 · 64 + 64) + 64 · 768.
    assertThat(whole - parameters(bertBase.without(order.first(1)))).isEqualTo(196_800);
    assertThat(whole - parameters(bertBase.without(order.first(14)))).isEqualTo(14 * 196_800);
    assertThat(whole - parameters(bertBase.without(order.first(72)))).isEqualTo(72 * 196_800);
  }

  private static long parameters(ModelMask mask) {
    return ParameterCounts.of(mask.cut(), Task.SEQUENCE_CLASSIFICATION).total();
  }

  @Test
  void onePassGivesThePredictionsOfEveryMask() {
    ModelMask mask = ones.without(List.of(Unit.head(0, 1), Unit.head(2, 3)));
    RunSettings settings = RunSettings.defaults();

    try (EvaluationPass pass = EvaluationPass.open(model, Set.of(Mask.HEADS), settings)) {
      Predictions whole = pass.run(golden.data(), ones);
      Predictions masked = pass.run(golden.data(), mask);

      assertThat(whole.toTensor().toFloats())
          .isEqualTo(Evaluation.of(model, golden.data(), settings).toTensor().toFloats());
      assertThat(masked.toTensor().toFloats())
          .isEqualTo(Evaluation.of(model, golden.data(), mask, settings).toTensor().toFloats());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pass.run(golden.data(), ones.without(List.of(Unit.layer(0)))))
          .withMessage("the pass was compiled for masks of [HEADS], got one of [LAYERS]");
    }
  }
}
