package org.bertology.core.result;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How well a model did on examples, and how many there were.
 *
 * @param metrics by name, the main one first; empty without labels
 * @param loss the mean over examples; NaN without labels
 * @param examples how many
 * @param tokens of all examples, padding not counted
 * @param truncated how many examples were longer than the maximum length and lost tokens
 * @param mask what was masked, if anything
 */
public record Summary(
    Map<String, Double> metrics,
    double loss,
    int examples,
    long tokens,
    int truncated,
    Optional<ModelMask> mask) {
  private static final Logger LOG = LoggerFactory.getLogger(Summary.class);

  public Summary {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The summary of predictions on data; logs a warning if logits are not finite. */
  public static Summary of(TaskData data, Predictions predictions, Optional<ModelMask> mask) {
    int notFinite = predictions.notFinite();
    if (notFinite > 0) {
      LOG.warn(
          "the logits of {} of {} examples are not finite numbers, so predictions, metrics and scores mean nothing; check the model's weights",
          notFinite,
          predictions.size());
    }
    return new Summary(
        data.metrics(predictions),
        predictions.meanLoss(),
        data.encoded().size(),
        data.encoded().tokens(),
        data.encoded().truncated(),
        mask);
  }

  void addTo(JsonObject result) {
    result.add("metrics", Json.numbers(metrics));
    result.add("loss", Json.number(loss));
    result.add("counts", counts(examples, tokens, truncated));
    mask.ifPresent(given -> addMasks(result, given));
  }

  /** The factors of every kind that has one other than 1. */
  static void addMasks(JsonObject result, ModelMask mask) {
    for (Target target : Target.values()) {
      if (mask.kinds().contains(target.mask())) {
        LayerScores factors = LayerScores.of(mask.factors(target.mask()));
        result.add(target.unit() + "Mask", Json.matrix(factors));
      }
    }
  }

  static JsonObject counts(int examples, long tokens, int truncated) {
    JsonObject counts = new JsonObject();
    counts.addProperty("examples", examples);
    counts.addProperty("tokens", tokens);
    counts.addProperty("truncated", truncated);
    return counts;
  }
}
