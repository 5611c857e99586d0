package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Optional;
import org.bertology.core.compare.Comparison;
import org.bertology.core.compare.Difference;
import org.bertology.core.compare.EngineDifferences;
import org.bertology.core.compare.EngineOutcome;
import org.bertology.core.compare.Head;
import org.bertology.core.compare.Speed;
import org.bertology.core.compare.ValueKind;
import org.bertology.core.run.EncodedData;
import org.bertology.core.scoring.RankingAgreement;

/**
 * Engines side by side as one JSON document, whose last member, {@code run}, alone holds times and
 * memory.
 */
public final class ComparisonJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private final Comparison comparison;

  private ComparisonJson(Comparison comparison) {
    this.comparison = comparison;
  }

  /**
   * The document's text.
   *
   * @param provenance of the model and the data; its engine is left out
   */
  public static String of(
      Comparison comparison, EncodedData data, Provenance provenance, RunRecord run) {
    return Json.document(new ComparisonJson(comparison).document(data, provenance, run));
  }

  private JsonObject document(EncodedData data, Provenance provenance, RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "comparison");
    document.addProperty("reference", comparison.reference());
    document.addProperty("complete", comparison.isComplete());
    document.addProperty("withinTolerance", comparison.isWithinTolerance());
    document.add("worst", worst());
    document.add("engines", engines());
    document.add("differences", differences());
    document.add("importance", importance());
    provenance.addLayers(document);
    document.add("scores", scores());
    document.add("counts", Summary.counts(data.size(), data.tokens(), data.truncated()));
    document.add("settings", settings());
    JsonObject source = provenance.toJson();
    source.remove("engine");
    document.add("provenance", source);
    JsonObject times = run.toJson();
    times.add("engines", speeds());
    document.add("run", times);
    return document;
  }

  private JsonElement worst() {
    return comparison
        .worst()
        .<JsonElement>map(engine -> difference(engine.engine(), engine.worst()))
        .orElse(JsonNull.INSTANCE);
  }

  private JsonArray engines() {
    JsonArray array = new JsonArray();
    for (EngineOutcome outcome : comparison.engines()) {
      Optional<EngineOutcome.Measured> measured = outcome.measured();
      JsonObject engine = new JsonObject();
      engine.addProperty("engine", outcome.label());
      engine.addProperty("backend", outcome.backend());
      engine.add("version", Json.text(measured.map(EngineOutcome.Measured::version)));
      engine.add("device", Json.text(measured.map(EngineOutcome.Measured::device)));
      engine.add(
          "threads",
          measured
              .<JsonElement>map(values -> new JsonPrimitive(values.threads()))
              .orElse(JsonNull.INSTANCE));
      engine.add("failure", Json.text(outcome.failure()));
      array.add(engine);
    }
    return array;
  }

  private JsonArray differences() {
    JsonArray array = new JsonArray();
    for (EngineDifferences engine : comparison.differences()) {
      for (Difference value : engine.values()) {
        JsonObject entry = difference(engine.engine(), value);
        entry.addProperty("kind", ValueKind.of(value.name()).key());
        array.add(entry);
      }
    }
    return array;
  }

  /** Layers, through all stacks, and heads from 1, as in rankings; in names of hooks from 0. */
  private static JsonObject difference(String engine, Difference difference) {
    JsonObject entry = new JsonObject();
    entry.addProperty("engine", engine);
    entry.addProperty("value", difference.name());
    entry.add("absolute", Json.number(difference.absolute()));
    entry.add("relative", Json.number(difference.relative()));
    entry.add("largest", Json.number(difference.largest()));
    entry.add("layer", fromOne(difference.head().map(Head::layer)));
    entry.add("head", fromOne(difference.head().map(Head::index)));
    return entry;
  }

  private static JsonElement fromOne(Optional<Integer> index) {
    return index.<JsonElement>map(i -> new JsonPrimitive(i + 1)).orElse(JsonNull.INSTANCE);
  }

  private JsonArray importance() {
    JsonArray array = new JsonArray();
    for (EngineDifferences engine : comparison.differences()) {
      JsonObject entry = difference(engine.engine(), engine.importance());
      RankingAgreement ranking = engine.ranking();
      entry.add("spearman", Json.number(ranking.spearman()));
      entry.add("kendall", Json.number(ranking.kendall()));
      entry.addProperty("top", ranking.top());
      entry.addProperty("topShared", ranking.shared());
      array.add(entry);
    }
    return array;
  }

  private JsonObject scores() {
    JsonObject scores = new JsonObject();
    for (EngineOutcome outcome : comparison.engines()) {
      outcome
          .measured()
          .ifPresent(values -> scores.add(outcome.label(), Json.matrix(values.importance())));
    }
    return scores;
  }

  private JsonObject settings() {
    Comparison.Settings used = comparison.settings();
    JsonObject settings = new JsonObject();
    settings.add("tolerance", Json.number(used.tolerance()));
    settings.addProperty("top", used.top());
    settings.addProperty("hookExamples", used.hookExamples());
    settings.addProperty("repetitions", used.repetitions());
    settings.addProperty("batchTokens", used.batchTokens());
    settings.addProperty("workers", used.workers());
    return settings;
  }

  private JsonArray speeds() {
    JsonArray array = new JsonArray();
    for (EngineOutcome outcome : comparison.engines()) {
      outcome.measured().ifPresent(values -> array.add(speed(outcome.label(), values.speed())));
    }
    return array;
  }

  private static JsonObject speed(String engine, Speed speed) {
    JsonObject entry = new JsonObject();
    entry.addProperty("engine", engine);
    JsonObject rate = new JsonObject();
    rate.add("median", rounded(speed.median()));
    rate.add("least", rounded(speed.least()));
    rate.add("most", rounded(speed.most()));
    entry.add("examplesPerSecond", rate);
    entry.add("runSeconds", rounded(speed.runSeconds()));
    entry.add("processSeconds", rounded(speed.processSeconds()));
    entry.add("engineSeconds", rounded(speed.engineSeconds()));
    entry.add("compileSeconds", rounded(speed.compileSeconds()));
    entry.add(
        "peakBytes",
        speed.peakBytes().isPresent()
            ? new JsonPrimitive(speed.peakBytes().getAsLong())
            : JsonNull.INSTANCE);
    return entry;
  }

  private static JsonArray rounded(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(rounded(value)));
    return array;
  }

  private static JsonElement rounded(double value) {
    return Json.number(Math.round(value * 10_000) / 10_000.0);
  }
}
