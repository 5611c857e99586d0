package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.benchmark.ModelBenchmark.Cell;
import org.bertology.core.benchmark.ModelBenchmark.OnEngine;
import org.bertology.core.benchmark.ModelBenchmark.Size;
import org.bertology.core.benchmark.SpeedRatio;
import org.bertology.core.benchmark.Timings;
import org.bertology.core.benchmark.Workload;

/**
 * A benchmark as one JSON document, whose last member, {@code run}, alone holds what is measured.
 */
public final class BenchmarkJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private final ModelBenchmark benchmark;

  BenchmarkJson(ModelBenchmark benchmark) {
    this.benchmark = benchmark;
  }

  /**
   * The document's text.
   *
   * @param model the name of the dense model's directory
   */
  public static String of(ModelBenchmark benchmark, String model, RunRecord run) {
    return Json.document(new BenchmarkJson(benchmark).document(model, run));
  }

  private JsonObject document(String model, RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "benchmark");
    document.addProperty("bertology", Version.current());
    document.addProperty("model", model);
    document.addProperty("complete", benchmark.isComplete());
    document.addProperty("repetitions", benchmark.repetitions());
    document.add("sizes", sizes());
    JsonObject measured = run.toJson();
    measured.add("engines", engines());
    document.add("run", measured);
    return document;
  }

  /** By contender; not measured. */
  JsonObject sizes() {
    JsonObject sizes = new JsonObject();
    benchmark.sizes().forEach((contender, size) -> sizes.add(contender.key(), size(size)));
    return sizes;
  }

  private static JsonObject size(Size size) {
    JsonObject object = new JsonObject();
    object.addProperty("heads", size.heads());
    object.addProperty("parameters", size.parameters());
    object.addProperty("bytes", size.bytes());
    return object;
  }

  /** What was measured. */
  JsonArray engines() {
    JsonArray engines = new JsonArray();
    benchmark.engines().forEach(engine -> engines.add(engine(engine)));
    return engines;
  }

  private static JsonObject engine(OnEngine engine) {
    JsonObject object = new JsonObject();
    object.addProperty("backend", engine.backend());
    if (engine.failure().isPresent()) {
      object.add("failure", Json.text(engine.failure()));
      return object;
    }
    object.addProperty("version", engine.version());
    object.addProperty("device", engine.device());
    object.addProperty("threads", engine.threads());
    JsonObject peaks = new JsonObject();
    engine.peakBytes().forEach((contender, bytes) -> peaks.add(contender.key(), number(bytes)));
    object.add("peakBytes", peaks);
    JsonArray workloads = new JsonArray();
    engine.cells().forEach(cell -> workloads.add(cell(cell)));
    object.add("workloads", workloads);
    return object;
  }

  private static JsonElement number(OptionalLong value) {
    return value.isPresent() ? new JsonPrimitive(value.getAsLong()) : JsonNull.INSTANCE;
  }

  private static JsonObject cell(Cell cell) {
    Workload workload = cell.workload();
    JsonObject object = new JsonObject();
    object.addProperty("batch", workload.batch());
    object.add(
        "length",
        workload.length().isPresent()
            ? new JsonPrimitive(workload.length().getAsInt())
            : JsonNull.INSTANCE);
    object.addProperty("examples", workload.examples());
    for (Map.Entry<Contender, Timings> form : cell.timings().entrySet()) {
      JsonObject timings = timings(form.getValue());
      if (form.getKey() != Contender.DENSE) {
        timings.add("ratio", ratio(cell.ratio(form.getKey())));
      }
      object.add(form.getKey().key(), timings);
    }
    return object;
  }

  private static JsonObject timings(Timings timings) {
    JsonObject object = new JsonObject();
    object.add("examplesPerSecond", rounded(timings.median()));
    object.add("p10", rounded(timings.p10()));
    object.add("p90", rounded(timings.p90()));
    object.add("seconds", rounded(timings.seconds()));
    return object;
  }

  private static JsonObject ratio(SpeedRatio ratio) {
    JsonObject object = new JsonObject();
    object.add("median", rounded(ratio.median()));
    object.add("low", rounded(ratio.low()));
    object.add("high", rounded(ratio.high()));
    return object;
  }

  private static JsonArray rounded(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(rounded(value)));
    return array;
  }

  private static JsonElement rounded(double value) {
    return Json.number(Math.round(value * 1e6) / 1e6);
  }
}
