package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.bertology.api.backend.Backend;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A fine-tuned model against what PyTorch computed for it, in float32, on the same weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealModelContract {
  /** Two float32 implementations with other orders of summation. */
  private static final double FLOAT32 = 1e-4;

  private static final int MAX_LENGTH = 128;

  private final Path reference;
  private final JsonObject results;
  private final Importance importance;

  /**
   * Runs the model once.
   *
   * @param directory the model, with its results under {@code reference}
   */
  RealModelContract(Path directory, Backend backend, ExampleSource source) throws IOException {
    reference = directory.resolve("reference");
    String json = Files.readString(reference.resolve("reference.json"));
    results = JsonParser.parseString(json).getAsJsonObject();
    try (backend;
        Model model = Model.open(directory, backend)) {
      EncodedData data = EncodedData.of(source.readAll(), model.tokenizer(), MAX_LENGTH);
      importance =
          Importance.of(
              model, data, ImportanceOptions.defaults().withAttention(true).withResamples(0));
    }
  }

  Importance importance() {
    return importance;
  }

  Path reference() {
    return reference;
  }

  @Test
  void predictionsEqualTheReference() {
    JsonObject dev = results.getAsJsonObject("dev");
    double[] logits = Npy.read(reference.resolve("dev_logits.npy")).toDoubles();
    double[] actual = importance.predictions().toTensor().toDoubles();

    assertThat(importance.predictions().correct()).isEqualTo(dev.get("correct").getAsInt());
    assertThat(importance.tokens()).isEqualTo(results.get("tokens").getAsLong());
    assertThat(importance.predictions().meanLoss())
        .isCloseTo(dev.get("loss").getAsDouble(), within(FLOAT32));
    assertThat(actual).hasSameSizeAs(logits);
    for (int i = 0; i < logits.length; i++) {
      assertThat(actual[i]).as("logit %d", i).isCloseTo(logits[i], within(FLOAT32));
    }
  }

  private static Offset<Double> within(double tolerance) {
    return Offset.offset(tolerance);
  }

  @Test
  void gradientsOfEveryExampleEqualTheReference() {
    Golden.assertEqual(
        importance.perExample().toDoubles(),
        Npy.read(reference.resolve("dev_head_mask_gradient_per_example.npy")).toDoubles(),
        "gradient of every example's loss with respect to every head's mask",
        FLOAT32);
  }

  @Test
  void everyCriterionEqualsTheReference() {
    for (Criterion criterion : Criterion.values()) {
      String key =
          switch (criterion) {
            case BATCH_GRADIENT, HF_SCRIPT -> name(criterion) + "_batch_1_file_order";
            case GRADIENT, TOKEN_GRADIENT, FISHER, SIGNED -> name(criterion);
          };
      assertScores(importance.scores(criterion), key);
    }
  }

  private static String name(Criterion criterion) {
    return criterion.key().replace('-', '_');
  }

  @Test
  void entropyAndConfidenceEqualTheReference() {
    assertScores(importance.entropy().orElseThrow(), "entropy_nats");
    assertScores(importance.confidence().orElseThrow(), "confidence");
  }

  private void assertScores(LayerScores actual, String key) {
    JsonArray rows = results.getAsJsonObject("importance_dev").getAsJsonArray(key);
    double[] expected =
        StreamSupport.stream(rows.spliterator(), false)
            .flatMap(row -> row.getAsJsonArray().asList().stream())
            .mapToDouble(JsonElement::getAsDouble)
            .toArray();
    Golden.assertEqual(actual.flat(), expected, key, FLOAT32);
  }
}
