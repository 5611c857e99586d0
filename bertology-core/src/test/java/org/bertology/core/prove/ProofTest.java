package org.bertology.core.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
  @TempDir Path directory;
  @TempDir Path other;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-sequence-classification",
        "bert-regression",
        "bert-token-classification",
        "bert-masked-lm"
      })
  void aModelEqualsItselfWhateverItsTask(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      Proof proof = proof(golden, ModelMask.ones(golden.model().config()), golden.model());

      assertThat(proof.holds()).isTrue();
      assertThat(proof.absolute()).isZero();
      assertThat(proof.largest()).isPositive();
      assertThat(proof.example()).isEmpty();
    }
  }

  @Test
  void aModelThatWasNotCutDiffersFromTheMaskedOne() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-regression")) {
      ModelMask mask = ModelMask.ones(golden.model().config()).without(List.of(Unit.head(0, 0)));

      Proof proof = proof(golden, mask, golden.model());

      assertThat(proof.holds()).isFalse();
      assertThat(proof.relative()).isGreaterThan(1e-3);
      assertThat(proof.example()).isPresent();
    }
  }

  @Test
  void theLargestDifferenceIsFoundWhereItIs() {
    LargestDifference found = new LargestDifference();

    found.add(
        List.of(example(4, 2), example(1, 2)),
        Tensor.of(new double[] {1, -5, 2, 3}, 2, 2),
        Tensor.of(new double[] {1, -5.25, 2.5, 3}, 2, 2));
    found.add(
        List.of(example(0, 2)),
        Tensor.of(new double[] {1, 1}, 1, 2),
        Tensor.of(new double[] {1, 1.5}, 1, 2));

    assertThat(found.absolute()).isEqualTo(0.5);
    assertThat(found.largest()).isEqualTo(5);
    assertThat(found.example()).as("the first of those that differ most").hasValue(0);
  }

  @Test
  void outputsAtPaddingAreLeftOut() {
    LargestDifference found = new LargestDifference();

    found.add(
        List.of(example(0, 2), example(1, 1)),
        Tensor.of(new double[] {1, 2, 3, 900}, 2, 2, 1),
        Tensor.of(new double[] {1, 2, 3, -900}, 2, 2, 1));

    assertThat(found.absolute()).isZero();
    assertThat(found.largest()).isEqualTo(3);
  }

  @Test
  void whatIsNoNumberEqualsNothing() {
    LargestDifference found = new LargestDifference();

    found.add(
        List.of(example(7, 1)),
        Tensor.of(new double[] {Double.NaN, 2}, 1, 2),
        Tensor.of(new double[] {Double.NaN, 2}, 1, 2));

    Proof proof = new Proof(1, found.absolute(), found.largest(), found.example(), 1e10);
    assertThat(proof.relative()).isInfinite();
    assertThat(proof.holds()).isFalse();
    assertThat(proof.example()).hasValue(7);
  }

  @Test
  void logitsThatAreAllZeroDoNotDiffer() {
    assertThat(new Proof(1, 0, 0, OptionalInt.empty(), 0).holds()).isTrue();
    assertThat(new Proof(1, 1e-30, 0, OptionalInt.of(0), 1e-4).holds()).isFalse();
  }

  @Test
  void modelsOfOtherOutputsAreRefused() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification");
        GoldenModel second = new GoldenModel(other, "bert-regression")) {
      assertThatThrownBy(
              () -> proof(golden, ModelMask.ones(golden.model().config()), second.model()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the pruned model's outputs have shape [3, 1], those of the model under the mask"
                  + " [3, 3]; compare a model with a pruned form of itself");
    }
  }

  @Test
  void aProofNeedsExamplesAndATolerance() {
    assertThatThrownBy(() -> new Proof(0, 0, 0, OptionalInt.empty(), 1e-4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a proof needs at least one example, got none");
    assertThatThrownBy(() -> new Proof(1, 0, 0, OptionalInt.empty(), Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the tolerance must be a number that is not negative, got NaN");
  }

  private static EncodedExample example(int index, int length) {
    return new EncodedExample(index, new int[length], new int[length], Optional.empty());
  }

  private static Proof proof(GoldenModel golden, ModelMask mask, Model pruned) {
    return Proof.of(
        golden.model(),
        mask,
        pruned,
        golden.data().examples(),
        RunSettings.defaults(),
        Proof.USUAL_TOLERANCE);
  }
}
