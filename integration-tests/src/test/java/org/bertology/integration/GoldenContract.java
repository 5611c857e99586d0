package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
  private static final double[] NONE = {};

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

  /** What criteria without labels and metrics of language models are made of. */
  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void entropyAndAccuracyFollowFromTheLogits(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      GoldenPredictions predictions = new GoldenPredictions(golden, model);
      Map<String, double[]> expected = predictions.expected();
      assumeTrue(!expected.isEmpty(), name + " predicts numbers");

      Map<String, Tensor> values =
          GoldenValues.hooks(golden, model, expected.keySet(), predictions.inputs());

      values.forEach(
          (hook, value) ->
              Golden.assertEqual(
                  value.toDoubles(), expected.getOrDefault(hook, NONE), hook, tolerance));
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
