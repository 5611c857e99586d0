package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bertology.api.model.Mask;
import org.bertology.core.prune.CostMeasurement;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.statistics.Interval;

/**
 * A pruning as one JSON document, the same to the byte for the same model, data and settings except
 * for its last member, {@code run}; where a budget of time decided, for the same measurements.
 */
public final class PruningJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private final PruningReport report;
  private final PruningOptions options;
  private final Mask kind;

  private PruningJson(PruningReport report) {
    this.report = report;
    this.options = report.options();
    this.kind = options.target().mask();
  }

  /**
   * The document's text.
   *
   * @param files names of the files that are written with it; none if it is only shown
   * @param provenance of the model and the data of importance
   */
  public static String of(
      PruningReport report, List<String> files, Provenance provenance, RunRecord run) {
    JsonObject document = new PruningJson(report).withoutRun(files, provenance);
    document.add("run", run.toJson());
    return Json.document(document);
  }

  private JsonObject withoutRun(List<String> files, Provenance provenance) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "pruning");
    document.addProperty("dryRun", report.dryRun());
    document.addProperty("target", options.target().key());
    document.addProperty("criterion", report.criterion());
    document.addProperty("metric", options.metric().key());
    document.add("schedule", PruningSettings.schedule(options.schedule()));
    document.add("chosen", chosen());
    provenance.addLayers(document);
    document.add("mask", PruningSettings.mask(report.mask()));
    Summary.addMasks(document, report.mask());
    document.add("original", model(report.result().original(), report.originalSize()));
    document.add("pruned", model(report.result().result().performance(), report.prunedSize()));
    report.test().ifPresent(test -> document.add("test", test(test)));
    report.proof().ifPresent(proof -> document.add("proof", ProofJson.member(proof)));
    addCurves(document);
    document.add("measurements", measurements());
    document.addProperty("flopsLength", report.flopsLength());
    document.add("data", PruningSettings.data(report.data()));
    document.add(
        "settings", PruningSettings.settings(options, report.resamples(), report.batchTokens()));
    document.add("files", Json.texts(files));
    document.add("provenance", provenance.toJson());
    return document;
  }

  /** The curves alone, for a document that has more than them. */
  static JsonObject member(PruningReport report) {
    JsonObject member = new JsonObject();
    new PruningJson(report).addCurves(member);
    return member;
  }

  private void addCurves(JsonObject object) {
    object.add("areas", areas());
    object.add("curve", curve());
    object.add("baselines", baselines());
  }

  private JsonObject chosen() {
    JsonObject chosen = new JsonObject();
    chosen.addProperty("step", report.result().chosen());
    chosen.addProperty("reason", report.result().reason().key());
    chosen.add("bound", number(report.result().bound()));
    return chosen;
  }

  private static JsonElement number(OptionalDouble value) {
    return value.isPresent() ? Json.number(value.getAsDouble()) : JsonNull.INSTANCE;
  }

  private static JsonObject model(Performance performance, ModelSize size) {
    JsonObject object = new JsonObject();
    add(object, performance);
    add(object, size);
    return object;
  }

  static void add(JsonObject object, Performance performance) {
    object.add("metrics", Json.numbers(performance.metrics()));
    performance.interval().ifPresent(ends -> object.add("interval", interval(ends)));
    object.add("loss", Json.number(performance.loss()));
  }

  private static JsonArray interval(Interval ends) {
    JsonArray array = new JsonArray();
    array.add(Json.number(ends.low()));
    array.add(Json.number(ends.high()));
    return array;
  }

  private static void add(JsonObject object, ModelSize size) {
    object.addProperty("parameters", size.parameters());
    object.addProperty("flops", size.flops());
    object.addProperty("bytes", size.bytes());
  }

  private static JsonObject test(PruningReport.OnTest test) {
    JsonObject object = new JsonObject();
    JsonObject original = new JsonObject();
    add(original, test.original());
    JsonObject pruned = new JsonObject();
    add(pruned, test.pruned());
    object.add("original", original);
    object.add("pruned", pruned);
    return object;
  }

  private JsonObject areas() {
    JsonObject areas = new JsonObject();
    areas.add(report.criterion(), Json.number(area(report.result().curve())));
    report.result().baselines().forEach(c -> areas.add(c.order(), Json.number(area(c))));
    return areas;
  }

  private double area(Curve curve) {
    return curve.area(options.metric().key(), kind);
  }

  private JsonArray curve() {
    List<CurvePoint> points = report.result().curve().points();
    JsonArray steps = new JsonArray();
    for (int step = 0; step < points.size(); step++) {
      JsonObject object = step(points.get(step), step);
      Optional<ModelSize> size = report.sizes().get(step);
      size.ifPresent(given -> add(object, given));
      steps.add(object);
    }
    return steps;
  }

  private JsonObject step(CurvePoint point, int step) {
    int removed = PruningReport.removed(options, point);
    JsonObject object = new JsonObject();
    object.addProperty("step", step);
    object.addProperty("removed", removed);
    object.addProperty("left", point.mask().units(kind).size() - removed);
    object.add("mask", PruningSettings.mask(point.mask()));
    add(object, point.performance());
    return object;
  }

  private JsonArray baselines() {
    JsonArray array = new JsonArray();
    for (Curve curve : report.result().baselines()) {
      for (int step = 0; step < curve.points().size(); step++) {
        JsonObject object = new JsonObject();
        object.addProperty("order", curve.order());
        step(curve.points().get(step), step)
            .entrySet()
            .forEach(member -> object.add(member.getKey(), member.getValue()));
        array.add(object);
      }
    }
    return array;
  }

  private JsonArray measurements() {
    JsonArray array = new JsonArray();
    for (CostMeasurement measurement : report.result().measurements()) {
      JsonObject object = new JsonObject();
      object.addProperty("removed", measurement.removed());
      object.add("cost", cost(measurement.cost()));
      array.add(object);
    }
    return array;
  }

  private static JsonElement cost(double cost) {
    boolean whole = cost == Math.rint(cost) && Math.abs(cost) < 1L << 53;
    return whole ? new JsonPrimitive((long) cost) : Json.number(cost);
  }
}
