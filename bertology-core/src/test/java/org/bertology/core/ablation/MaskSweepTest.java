package org.bertology.core.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.core.GoldenModel;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.journal.Journal;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskSweepTest {
  /** Logits are float32; losses are sums of a few terms in double. */
  private static final double TOLERANCE = 1e-6;

  @TempDir Path directory;

  private GoldenModel golden;
  private ModelMask ones;

  @BeforeEach
  void open() throws IOException {
    golden =
        new GoldenModel(
            Files.createDirectory(directory.resolve("model")), "bert-sequence-classification");
    ones = ModelMask.ones(golden.model().config());
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private static RunSettings settings(int batchTokens) {
    return RunSettings.defaults().withBatchTokens(batchTokens);
  }

  private List<ModelMask> leaveOneOut(ModelMask base, Mask kind) {
    List<ModelMask> variants = new ArrayList<>();
    variants.add(base);
    base.units(kind).forEach(unit -> variants.add(base.without(List.of(unit))));
    return variants;
  }

  private List<Predictions> sweep(ModelMask base, List<ModelMask> variants, int batchTokens) {
    try (MaskSweep sweep = MaskSweep.open(golden.model(), base, variants, settings(batchTokens))) {
      return sweep.run(golden.data());
    }
  }

  private void assertEachIsThatOfItsMask(List<Predictions> found, List<ModelMask> variants) {
    for (int variant = 0; variant < variants.size(); variant++) {
      Predictions expected =
          Evaluation.of(golden.model(), golden.data(), variants.get(variant), settings(64));
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(variant).loss(i)).isCloseTo(expected.loss(i), within(TOLERANCE));
        for (int label = 0; label < expected.logits(i).length; label++) {
          assertThat(found.get(variant).logits(i)[label])
              .isCloseTo(expected.logits(i)[label], within((float) TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mask.class)
  void leavingOneOutIsEvaluatingEachMask(Mask kind) {
    List<ModelMask> variants = leaveOneOut(ones, kind);

    assertEachIsThatOfItsMask(sweep(ones, variants, 64), variants);
  }

  /** Every attention of a sequence-to-sequence model, with its relative positions. */
  @ParameterizedTest
  @EnumSource(Mask.class)
  void leavingOneOutOfAnEncoderAndDecoderIsEvaluatingEachMask(Mask kind) throws IOException {
    golden.close();
    Path t5 = Files.createDirectory(directory.resolve("t5"));
    golden = new GoldenModel(t5, "t5-seq2seq-lm");
    ones = ModelMask.ones(golden.model().config());
    List<ModelMask> variants = leaveOneOut(ones, kind);

    assertEachIsThatOfItsMask(sweep(ones, variants, 200), variants);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 40, 10_000})
  void masksAreRowsOfBatchesOfAnySize(int batchTokens) {
    List<ModelMask> variants = leaveOneOut(ones, Mask.HEADS);

    assertEachIsThatOfItsMask(sweep(ones, variants, batchTokens), variants);
  }

  @Test
  void variantsMayDifferInSeveralPlaces() {
    ModelMask base = ones.without(List.of(Unit.head(1, 0), Unit.neuron(0, 3)));
    List<ModelMask> variants =
        List.of(
            base.without(List.of(Unit.head(2, 1), Unit.layer(0))),
            base.without(List.of(Unit.neuron(1, 1), Unit.head(1, 2))),
            base.with(List.of(Unit.head(1, 0)), 1),
            base,
            base.with(List.of(Unit.neuron(2, 0)), 0.5f));

    assertEachIsThatOfItsMask(sweep(base, variants, 64), variants);
  }

  @Test
  void theModelItselfIsAVariantToo() {
    assertEachIsThatOfItsMask(sweep(ones, List.of(ones), 64), List.of(ones));
  }

  @Test
  void theNumberOfWorkersChangesNoBit() {
    List<ModelMask> variants = leaveOneOut(ones, Mask.HEADS);

    List<Predictions> one = sweep(variants, 1);
    List<Predictions> four = sweep(variants, 4);

    for (int variant = 0; variant < variants.size(); variant++) {
      for (int i = 0; i < one.get(variant).size(); i++) {
        assertThat(four.get(variant).logits(i)).isEqualTo(one.get(variant).logits(i));
        assertThat(four.get(variant).loss(i)).isEqualTo(one.get(variant).loss(i));
      }
    }
  }

  private List<Predictions> sweep(List<ModelMask> variants, int workers) {
    RunSettings settings = settings(20).withWorkers(workers);
    try (MaskSweep sweep = MaskSweep.open(golden.model(), ones, variants, settings)) {
      return sweep.run(golden.data());
    }
  }

  private Journal journal() {
    return Journal.open(directory.resolve("sweep.journal"), new JsonObject(), Existing.REFUSE);
  }

  @Test
  void aSweepGoesOnWhereItWas() {
    List<ModelMask> variants = leaveOneOut(ones, Mask.HEADS);
    List<Predictions> whole = sweep(ones, variants, 20);
    EncodedData half = new EncodedData(golden.data().examples().subList(0, 2), 0);

    List<Predictions> resumed;
    try (MaskSweep sweep = MaskSweep.open(golden.model(), ones, variants, settings(1))) {
      try (Journal journal = journal()) {
        List<Predictions> unused = sweep.run(half, journal);
      }
      try (Journal journal = journal()) {
        resumed = sweep.run(golden.data(), journal);
      }
      try (Journal journal = journal()) {
        assertThat(journal.earlier()).hasSize(golden.data().size());
      }
    }

    for (int variant = 0; variant < variants.size(); variant++) {
      assertThat(resumed.get(variant).toTensor().toFloats())
          .containsExactly(whole.get(variant).toTensor().toFloats(), within((float) TOLERANCE));
    }
  }

  @Test
  void whatIsInTheJournalIsNotRunAgain() {
    List<ModelMask> variants = leaveOneOut(ones, Mask.HEADS);
    List<Predictions> first;
    try (MaskSweep sweep = MaskSweep.open(golden.model(), ones, variants, settings(20));
        Journal journal = journal()) {
      first = sweep.run(golden.data(), journal);
    }

    MaskSweep closed = MaskSweep.open(golden.model(), ones, variants, settings(20));
    closed.close();
    List<Predictions> again;
    try (Journal journal = journal()) {
      again = closed.run(golden.data(), journal);
    }

    assertThat(again.get(3).toTensor().toFloats()).isEqualTo(first.get(3).toTensor().toFloats());
    assertThat(again.get(3).meanLoss()).isEqualTo(first.get(3).meanLoss());
  }

  @Test
  void examplesWithoutLabelsAreRefused() {
    EncodedExample example = golden.data().examples().get(0);
    EncodedExample unlabelled =
        new EncodedExample(0, example.ids(), example.types(), Optional.empty());

    try (MaskSweep sweep = MaskSweep.open(golden.model(), ones, List.of(ones), settings(20))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sweep.run(new EncodedData(List.of(unlabelled), 0)))
          .withMessage("ablation compares losses: every example needs a label; name the column");
    }
  }

  @Test
  void noMasksAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskSweep.open(golden.model(), ones, List.of(), settings(20)))
        .withMessage("a sweep needs at least one mask, got none");
  }
}
