package org.bertology.core.scoring;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.journal.StepLog;
import org.bertology.core.model.ModelMask;
import org.bertology.core.statistics.Intervals;

/** Scorings as steps of a computation, numbers to the last digit. */
final class LoggedScoring {
  private static final String SCORES = "scores";
  private static final String LOW = "low";
  private static final String HIGH = "high";

  private LoggedScoring() {}

  /**
   * What a scorer makes of a mask, or made of it in an earlier process.
   *
   * @param opened makes the scorer, if there is work for it; it is closed here
   * @param log of a computation with one mask
   */
  static Scoring of(
      String key, Supplier<Scorer> opened, ScorerOptions options, ModelMask mask, StepLog log) {
    JsonObject step =
        log.step(
            key,
            () -> {
              try (Scorer scorer = opened.get()) {
                return toJson(scorer.scoring(mask));
              }
            });
    int[] widths = options.target().widths(mask.config());
    Optional<Intervals> intervals =
        step.has(LOW)
            ? Optional.of(new Intervals(numbers(step, LOW), numbers(step, HIGH)))
            : Optional.empty();
    return new Scoring(
        key, options.target(), LayerScores.of(numbers(step, SCORES), widths), intervals);
  }

  private static JsonObject toJson(Scoring scoring) {
    double[] flat = scoring.scores().flat();
    JsonObject json = new JsonObject();
    json.add(SCORES, array(flat.length, i -> flat[i]));
    scoring
        .intervals()
        .ifPresent(
            ends -> {
              json.add(LOW, array(ends.size(), ends::low));
              json.add(HIGH, array(ends.size(), ends::high));
            });
    return json;
  }

  static JsonArray array(int size, IntToDoubleFunction values) {
    JsonArray array = new JsonArray(size);
    IntStream.range(0, size)
        .mapToDouble(values)
        .mapToObj(LoggedScoring::number)
        .forEach(array::add);
    return array;
  }

  /** JSON has nothing for what is not finite. */
  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  static double[] numbers(JsonObject step, String name) {
    double[] numbers = new double[step.getAsJsonArray(name).size()];
    Arrays.setAll(numbers, i -> number(step.getAsJsonArray(name).get(i)));
    return numbers;
  }

  private static double number(JsonElement value) {
    return value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }
}
