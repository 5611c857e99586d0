package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.nio.file.Path;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value of the tiny reference models, computed by the backend under test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenContract {
  private final Backend backend;
  private final double tolerance;

  GoldenContract(Backend backend, double tolerance) {
    this.backend = backend;
    this.tolerance = tolerance;
  }

  @AfterAll
  void closeBackend() {
    backend.close();
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void everyValueEqualsTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      Map<String, Tensor> values = GoldenValues.of(golden, model);

      assertThat(values.keySet())
          .as("compared values")
          .containsExactlyInAnyOrderElementsOf(golden.valueNames());
      assertAll(
          values.entrySet().stream()
              .map(value -> () -> golden.assertEqual(value.getValue(), value.getKey(), tolerance)));
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#namesOfPruned")
  void prunedCheckpointsEqualTheMaskedModel(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory().resolve("pruned"), backend)) {
      golden.assertEqual(GoldenValues.logits(golden, model), "masked.logits", tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#namesOfTensorFlow")
  void tensorFlowCheckpointsGiveTheSameLogits(String name) {
    Golden golden = Golden.load(name);
    Path checkpoint = golden.directory().resolve("tensorflow-checkpoint");
    try (Model model = Model.openWithoutTokenizer(checkpoint, backend)) {
      golden.assertEqual(GoldenValues.logits(golden, model), "logits", tolerance);
    }
  }
}
