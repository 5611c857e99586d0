package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels that engines would answer with a loss of zero, or of another example. */
final class ModelInputsTest {
  private final ModelInputs inputs =
      new ModelInputs(
          List.of(new int[] {2, 5, 3}, new int[] {7, 1}),
          List.of(new int[] {0, 0, 1}, new int[] {0, 0}),
          0);

  @Test
  void labelsOutsideTheClassesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs.labels(new int[] {0, 3}, 3))
        .withMessage("label 3 must lie in [0, 3)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs.labels(new int[] {-1, 0}, 3))
        .withMessage("label -1 must lie in [0, 3)");
  }

  @Test
  void labelsOfTokensOutsideTheClassesAreRefused() {
    int[] second = {ModelInputs.IGNORED, 9};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs.tokenLabels(List.of(new int[] {0, 1, 2}, second), 9))
        .withMessage("label 9 must lie in [0, 9)");
  }

  @Test
  void tokensWereReplacedOrNot() {
    int[] second = {ModelInputs.IGNORED, 2};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs.replacedTokens(List.of(new int[] {0, 1, 1}, second)))
        .withMessage("label 2 must lie in [0, 2)");
  }

  @Test
  void tokensWithoutALabelHaveNoWeight() {
    int[] first = {0, ModelInputs.IGNORED, 1};

    inputs.replacedTokens(List.of(first, new int[] {1}));

    assertThat(inputs.tensors().get(ModelInputs.TOKEN_TARGETS).toDoubles())
        .containsExactly(0, 0, 1, 1, 0, 0);
    assertThat(inputs.tensors().get(ModelInputs.LABEL_WEIGHTS).toDoubles())
        .containsExactly(0.5, 0, 0.5, 1, 0, 0);
  }

  @Test
  void aLabelIsTheEntryOfItsExample() {
    inputs.labels(new int[] {2, 1}, 3);

    assertThat(inputs.tensors().get(ModelInputs.LABELS).toLongs()).containsExactly(2, 4);
  }
}
