package org.bertology.core.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardPassTest {
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

  private List<Map<String, Tensor>> inputs(Workload workload, ModelMask mask) {
    return workload.inputs(golden.model(), Optional.of(golden.data()), mask);
  }

  @Test
  void aPassTakesTheFirstExamplesInTheirOrder() {
    Workload workload = new Workload(2, OptionalInt.empty(), 3);

    List<Map<String, Tensor>> batches = inputs(workload, ones);

    assertThat(batches).hasSize(2);
    assertThat(batches.get(0).get("input_ids").shape()[0]).isEqualTo(2);
    assertThat(batches.get(1).get("input_ids").shape()[0]).isEqualTo(1);
    assertThat(batches.get(1).get("input_ids").toLongs()[0])
        .isEqualTo(golden.data().examples().get(2).ids()[0]);
    assertThat(batches.get(0)).doesNotContainKeys("labels", "head_mask.0");
  }

  @Test
  void examplesOfALengthAreTheSameEveryTime() {
    Workload workload = new Workload(4, OptionalInt.of(7), 8);

    List<Map<String, Tensor>> batches = inputs(workload, ones);

    assertThat(batches).hasSize(2);
    assertThat(batches.get(0).get("input_ids").shape()).containsExactly(4, 7);
    assertThat(inputs(workload, ones).get(1).get("input_ids").toLongs())
        .isEqualTo(batches.get(1).get("input_ids").toLongs());
  }

  @Test
  void maskedPassesGetTheirMasks() {
    Workload workload = new Workload(2, OptionalInt.of(3), 2);
    ModelMask mask = ones.without(List.of(Unit.head(0, 1)));

    assertThat(inputs(workload, mask).get(0).get("head_mask.0").toFloats()).startsWith(1, 0, 1);
  }

  @Test
  void aPassTakesTime() {
    Workload workload = new Workload(2, OptionalInt.of(3), 2);
    ModelMask mask = ones.without(List.of(Unit.head(0, 1)));

    try (ForwardPass dense = ForwardPass.open(golden.model(), Optional.empty(), ones);
        ForwardPass masked = ForwardPass.open(golden.model(), Optional.empty(), mask)) {
      assertThat(dense.seconds(workload)).isPositive();
      assertThat(masked.seconds(workload)).isPositive();
    }
  }

  @Test
  void tooFewExamplesAreRefused() {
    Workload workload = new Workload(2, OptionalInt.empty(), 1000);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs(workload, ones))
        .withMessage(
            "a pass takes 1000 examples, the data has %d; lower --examples"
                .formatted(golden.data().size()));
  }

  @Test
  void withoutALengthDataIsNeeded() {
    Optional<EncodedData> none = Optional.empty();
    Workload workload = new Workload(2, OptionalInt.empty(), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> workload.inputs(golden.model(), none, ones))
        .withMessage("a length or data must be given");
  }

  @Test
  void sizesBelowOneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Workload(0, OptionalInt.of(3), 2))
        .withMessage("batch size, examples and length must be at least 1, got 0, 2 and 3");
  }
}
