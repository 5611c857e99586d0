package org.bertology.core.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.importance.LayerScores;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final String CONTEXT = "decoder.layer.1.attention.context";
  private static final List<String> LAYERS =
      List.of("encoder.layer.0", "encoder.layer.1", "decoder.layer.0", "decoder.layer.1");

  @Test
  void isTheLargestOfAllEntriesAndAFractionOfTheLargestExpected() {
    Tensor expected = Tensor.of(new double[] {1, -8, 2, 0}, 2, 2);
    Tensor actual = Tensor.of(new double[] {1.5, -8, 1, 0}, 2, 2);

    Difference difference = Difference.ofHook("logits", LAYERS, expected, actual);

    assertThat(difference.absolute()).isEqualTo(1);
    assertThat(difference.largest()).isEqualTo(8);
    assertThat(difference.relative()).isEqualTo(1.0 / 8);
    assertThat(difference.head()).isEmpty();
  }

  @Test
  void namesTheHeadOfTheSecondAxisAndTheLayerOfTheHookAmongAllStacks() {
    double[] values = new double[2 * 3 * 4 * 5];
    Tensor expected = Tensor.of(values, 2, 3, 4, 5);
    int secondExampleThirdHead = (1 * 3 + 2) * 4 * 5 + 7;
    values[secondExampleThirdHead] = 1e-3;

    Difference difference =
        Difference.ofHook(CONTEXT, LAYERS, expected, Tensor.of(values, 2, 3, 4, 5));

    assertThat(difference.head()).contains(new Head(3, 2));
  }

  @Test
  void hidesNothingBehindEntriesThatAreNoNumbers() {
    Tensor numbers = Tensor.of(new float[] {1, 2}, 2);
    Tensor wrong = Tensor.of(new float[] {1, Float.NaN}, 2);

    assertThat(Difference.ofHook("loss", LAYERS, numbers, wrong).relative()).isInfinite();
    assertThat(Difference.ofHook("loss", LAYERS, wrong, numbers).relative()).isInfinite();
    assertThat(Difference.ofHook("loss", LAYERS, wrong, wrong).relative()).isInfinite();
  }

  @Test
  void equalInfinitiesDoNotDiffer() {
    Tensor infinite = Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 1}, 2);

    Difference difference = Difference.ofHook("loss", LAYERS, infinite, infinite);

    assertThat(difference.absolute()).isZero();
    assertThat(difference.largest()).isEqualTo(1);
  }

  @Test
  void ofZerosIsNothingOrEverything() {
    Tensor zeros = Tensor.of(new float[] {0, 0}, 2);
    Tensor other = Tensor.of(new float[] {0, 1e-9f}, 2);

    assertThat(Difference.ofHook("loss", LAYERS, zeros, zeros).relative()).isZero();
    assertThat(Difference.ofHook("loss", LAYERS, zeros, other).relative()).isInfinite();
  }

  @Test
  void shapesMustBeEqual() {
    Tensor two = Tensor.of(new float[] {1, 2}, 2);
    Tensor row = Tensor.of(new float[] {1, 2}, 1, 2);

    assertThatThrownBy(() -> Difference.ofHook("loss", LAYERS, two, row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'loss' has shape [1, 2], expected [2]");
  }

  @Test
  void ofScoresNamesTheHeadInLayersOfDifferentWidth() {
    LayerScores expected = LayerScores.of(new double[][] {{1, 2}, {4, 1, 1}});
    LayerScores actual = LayerScores.of(new double[][] {{1, 2.5}, {4, 1, 2}});

    Difference difference = Difference.ofScores(expected, actual);

    assertThat(difference.name()).isEqualTo("importance");
    assertThat(difference.head()).contains(new Head(1, 2));
    assertThat(difference.relative()).isEqualTo(0.25);
  }

  @Test
  void scoresMustBeAsMany() {
    LayerScores two = LayerScores.of(new double[][] {{1, 2}});
    LayerScores three = LayerScores.of(new double[][] {{1, 2, 3}});

    assertThatThrownBy(() -> Difference.ofScores(two, three))
        .hasMessage("there are 3 scores, expected 2");
  }
}
