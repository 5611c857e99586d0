package org.bertology.core.ablation;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.run.EncodedExample;

/**
 * What all variants gave for one batch: the step of a sweep that a journal holds. Its JSON keeps
 * every bit.
 *
 * @param numbers of each variant and example, see {@link Readout#read}
 * @param losses of each variant, {@code [examples]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record BatchOutcome(float[][][] numbers, double[][] losses) {
  private static final String EXAMPLES = "examples";
  private static final String VALUES = "values";

  /** Nothing yet. */
  static BatchOutcome empty(int variants, int examples) {
    return new BatchOutcome(new float[variants][examples][], new double[variants][examples]);
  }

  /** Adds a variant's results to its predictions. */
  void addTo(Predictions predictions, int variant, List<EncodedExample> batch) {
    for (int i = 0; i < batch.size(); i++) {
      predictions.add(batch.get(i), numbers[variant][i], losses[variant][i]);
    }
  }

  /** The step of a journal. */
  JsonObject toJson(Readout readout, List<EncodedExample> batch) {
    byte[] bytes = new byte[numbers.length * bytes(readout, batch)];
    ByteBuffer values = buffer(bytes);
    for (int variant = 0; variant < numbers.length; variant++) {
      for (float[] row : numbers[variant]) {
        for (float number : row) {
          values.putFloat(number);
        }
      }
      for (double loss : losses[variant]) {
        values.putDouble(loss);
      }
    }
    JsonObject step = new JsonObject();
    step.addProperty(EXAMPLES, key(batch));
    step.addProperty(VALUES, Base64.getEncoder().encodeToString(bytes));
    return step;
  }

  /** The outcome in a step of a journal; none if the step is not of this batch. */
  static Optional<BatchOutcome> of(
      JsonObject step, Readout readout, List<EncodedExample> batch, int variants) {
    if (!step.has(VALUES) || !keyOf(step).equals(key(batch))) {
      return Optional.empty();
    }
    byte[] bytes = Base64.getDecoder().decode(step.get(VALUES).getAsString());
    if (bytes.length != variants * bytes(readout, batch)) {
      return Optional.empty();
    }
    ByteBuffer values = buffer(bytes);
    BatchOutcome outcome = empty(variants, batch.size());
    for (int variant = 0; variant < variants; variant++) {
      for (int i = 0; i < batch.size(); i++) {
        float[] row = new float[size(readout, batch.get(i))];
        for (int j = 0; j < row.length; j++) {
          row[j] = values.getFloat();
        }
        outcome.numbers[variant][i] = row;
      }
      for (int i = 0; i < batch.size(); i++) {
        outcome.losses[variant][i] = values.getDouble();
      }
    }
    return Optional.of(outcome);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of one variant. */
  private static int bytes(Readout readout, List<EncodedExample> batch) {
    int numbers = batch.stream().mapToInt(example -> size(readout, example)).sum();
    return numbers * Float.BYTES + batch.size() * Double.BYTES;
  }

  private static int size(Readout readout, EncodedExample example) {
    return readout.answers(example) * readout.width();
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
