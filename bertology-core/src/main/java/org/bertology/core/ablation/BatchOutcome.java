package org.bertology.core.ablation;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Hooks;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.run.EncodedExample;

/**
 * What all variants gave for one batch: the step of a sweep that a journal holds. Its JSON keeps
 * every bit.
 *
 * @param logits of each variant, {@code [examples, labels]} row after row
 * @param losses of each variant, {@code [examples]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record BatchOutcome(float[][] logits, double[][] losses) {
  private static final String EXAMPLES = "examples";
  private static final String VALUES = "values";

  /** Nothing yet. */
  static BatchOutcome empty(int variants) {
    return new BatchOutcome(new float[variants][], new double[variants][]);
  }

  /** Adds a variant's results to its predictions. */
  void addTo(Predictions predictions, int variant, List<EncodedExample> batch) {
    int rows = batch.size();
    float[] flat = logits[variant];
    Map<String, Tensor> results =
        Map.of(
            Hooks.LOGITS, Tensor.of(flat, rows, flat.length / rows),
            Hooks.LOSS, Tensor.of(losses[variant], rows));
    predictions.add(batch, results);
  }

  /** The step of a journal. */
  JsonObject toJson(List<EncodedExample> batch) {
    int rows = batch.size();
    int labels = logits[0].length / rows;
    int bytes = logits.length * rows * (labels * Float.BYTES + Double.BYTES);
    ByteBuffer values = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int variant = 0; variant < logits.length; variant++) {
      for (float logit : logits[variant]) {
        values.putFloat(logit);
      }
      for (double loss : losses[variant]) {
        values.putDouble(loss);
      }
    }
    JsonObject step = new JsonObject();
    step.addProperty(EXAMPLES, key(batch));
    step.addProperty(VALUES, Base64.getEncoder().encodeToString(values.array()));
    return step;
  }

  /** The outcome in a step of a journal; none if the step is not of this batch. */
  static Optional<BatchOutcome> of(
      JsonObject step, List<EncodedExample> batch, int variants, int labels) {
    if (!step.has(VALUES) || !keyOf(step).equals(key(batch))) {
      return Optional.empty();
    }
    byte[] bytes = Base64.getDecoder().decode(step.get(VALUES).getAsString());
    int rows = batch.size();
    if (bytes.length != variants * rows * (labels * Float.BYTES + Double.BYTES)) {
      return Optional.empty();
    }
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    BatchOutcome outcome = empty(variants);
    for (int variant = 0; variant < variants; variant++) {
      outcome.logits[variant] = new float[rows * labels];
      outcome.losses[variant] = new double[rows];
      for (int i = 0; i < rows * labels; i++) {
        outcome.logits[variant][i] = values.getFloat();
      }
      for (int i = 0; i < rows; i++) {
        outcome.losses[variant][i] = values.getDouble();
      }
    }
    return Optional.of(outcome);
  }

  /** What a step calls its batch: the examples, in their order. */
  static String keyOf(JsonObject step) {
    return step.has(EXAMPLES) ? step.get(EXAMPLES).getAsString() : "";
  }

  static String key(List<EncodedExample> batch) {
    StringBuilder key = new StringBuilder();
    batch.forEach(example -> key.append(key.isEmpty() ? "" : " ").append(example.index()));
    return key.toString();
  }
}
