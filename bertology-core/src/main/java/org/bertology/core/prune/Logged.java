package org.bertology.core.prune;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.bertology.api.model.Mask;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.journal.StepLog;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.ModelMask;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.statistics.Interval;

/**
 * Scorers, evaluators and meters whose work is written down in a {@link StepLog}. What they give
 * has always been through its text, so that a computation that went on after a kill gives what one
 * that was not interrupted gives.
 */
public final class Logged {
  private final StepLog log;

  public Logged(StepLog log) {
    this.log = log;
  }

  private static String name(String what, ModelMask mask) {
    StringBuilder name = new StringBuilder(what);
    for (Mask kind : Mask.values()) {
      if (mask.kinds().contains(kind)) {
        name.append(", without ").append(kind).append(' ').append(MaskText.of(kind, mask));
      }
    }
    return name.toString();
  }

  /** A scorer of masks with factors 0 and 1; closing it closes the given one. */
  public Scorer scorer(Scorer scorer) {
    return new LoggedScorer(scorer);
  }

  private final class LoggedScorer implements Scorer {
    private final Scorer scorer;

    LoggedScorer(Scorer scorer) {
      this.scorer = scorer;
    }

    @Override
    public String key() {
      return scorer.key();
    }

    @Override
    public Target target() {
      return scorer.target();
    }

    @Override
    public LayerScores scores(ModelMask mask) {
      JsonObject step =
          log.step(
              name("scores by " + scorer.key(), mask),
              () -> {
                JsonObject scores = new JsonObject();
                scores.add("scores", matrix(scorer.scores(mask)));
                return scores;
              });
      return matrix(step.getAsJsonArray("scores"));
    }

    @Override
    public void close() {
      scorer.close();
    }
  }

  private static JsonArray matrix(LayerScores scores) {
    JsonArray layers = new JsonArray();
    for (int layer = 0; layer < scores.layers(); layer++) {
      JsonArray row = new JsonArray();
      Arrays.stream(scores.layer(layer)).forEach(score -> row.add(number(score)));
      layers.add(row);
    }
    return layers;
  }

  private static LayerScores matrix(JsonArray layers) {
    return LayerScores.of(
        StreamSupport.stream(layers.spliterator(), false)
            .map(
                row -> row.getAsJsonArray().asList().stream().mapToDouble(Logged::number).toArray())
            .toArray(double[][]::new));
  }

  /** JSON has no number for what is none. */
  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  private static double number(JsonElement element) {
    return element.isJsonNull() ? Double.NaN : element.getAsDouble();
  }

  /**
   * An evaluator of masks with factors 0 and 1.
   *
   * @param data names what it evaluates on
   */
  public MaskEvaluator evaluator(String data, MaskEvaluator evaluator) {
    return mask ->
        performance(
            log.step(name("performance on " + data, mask), () -> json(evaluator.evaluate(mask))));
  }

  private static JsonObject json(Performance performance) {
    JsonObject json = new JsonObject();
    JsonObject metrics = new JsonObject();
    performance.metrics().forEach((name, value) -> metrics.add(name, number(value)));
    json.add("metrics", metrics);
    json.add("loss", number(performance.loss()));
    performance
        .interval()
        .ifPresent(
            ends -> {
              json.add("low", number(ends.low()));
              json.add("high", number(ends.high()));
            });
    return json;
  }

  private static Performance performance(JsonObject json) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    json.getAsJsonObject("metrics")
        .entrySet()
        .forEach(metric -> metrics.put(metric.getKey(), number(metric.getValue())));
    Optional<Interval> interval =
        json.has("low")
            ? Optional.of(new Interval(number(json.get("low")), number(json.get("high"))))
            : Optional.empty();
    return new Performance(metrics, number(json.get("loss")), interval);
  }

  /** A meter, whose measurements are what differs most from run to run. */
  public LatencyMeter meter(LatencyMeter meter) {
    return mask ->
        log.step(
                name("latency", mask),
                () -> {
                  JsonObject json = new JsonObject();
                  json.add("seconds", number(meter.seconds(mask)));
                  return json;
                })
            .get("seconds")
            .getAsDouble();
  }
}
