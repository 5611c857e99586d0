package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.experiment.MichelData;
import org.bertology.core.experiment.MichelOptions;
import org.bertology.core.experiment.Transfer;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Normalization;
import org.bertology.core.model.ModelMask;
import org.bertology.core.statistics.Histogram;

/**
 * A study in the way of Michel et al. (2019) as one JSON document, the same to the byte for the
 * same model, data and settings except for its last member, {@code run}, which alone holds what is
 * measured.
 */
public final class MichelJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private static final String KIND = "experiment";
  private static final String NAME = "michel";

  private final MichelReport report;

  private MichelJson(MichelReport report) {
    this.report = report;
  }

  /**
   * The document's text.
   *
   * @param files names of the files that are written with it; none if it is only shown
   * @param provenance of the model and the data of the evaluation
   */
  public static String of(
      MichelReport report, List<String> files, Provenance provenance, RunRecord run) {
    JsonObject document = new MichelJson(report).withoutRun(files, provenance);
    JsonObject measured = run.toJson();
    report.speed().ifPresent(speed -> measured.add("engines", new BenchmarkJson(speed).engines()));
    document.add("run", measured);
    return Json.document(document);
  }

  /** All that the steps of a study depend on, for its journal. */
  public static JsonObject computation(
      MichelData data, MichelOptions options, Provenance provenance) {
    JsonObject computation = new JsonObject();
    computation.addProperty("kind", KIND);
    computation.addProperty("experiment", NAME);
    computation.add("data", data(data));
    computation.add("settings", settings(options));
    computation.add("provenance", provenance.toJson());
    return computation;
  }

  private JsonObject withoutRun(List<String> files, Provenance provenance) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", KIND);
    document.addProperty("experiment", NAME);
    document.addProperty("measure", report.leaveOneOut().main().key());
    document.addProperty("countsFrom", 1);
    provenance.addLayers(document);
    document.add("base", base());
    document.add("leaveOneOut", leaveOneOut());
    document.add("keepOne", AblationJson.member(report.keepOne()));
    if (!report.transfer().isEmpty()) {
      document.add("transfer", transfer());
    }
    document.add("curves", PruningJson.member(report.curves()));
    report.speed().ifPresent(speed -> document.add("speed", speed(speed)));
    document.add("data", data(report.data()));
    document.add("settings", settings(report.options()));
    document.add("files", Json.texts(files));
    document.add("provenance", provenance.toJson());
    return document;
  }

  private JsonObject base() {
    Summary summary = report.leaveOneOut().summary();
    JsonObject base = new JsonObject();
    PruningJson.add(base, report.result().curves().original());
    AblationReport.correct(report.result().leaveOneOut().base())
        .ifPresent(count -> base.addProperty("correct", count));
    base.add("counts", Summary.counts(summary.examples(), summary.tokens(), summary.truncated()));
    return base;
  }

  private JsonObject leaveOneOut() {
    JsonObject object = new JsonObject();
    object.add("histogram", histogram(report.histogram()));
    AblationJson.member(report.leaveOneOut())
        .entrySet()
        .forEach(member -> object.add(member.getKey(), member.getValue()));
    return object;
  }

  private static JsonObject histogram(Histogram histogram) {
    JsonObject object = new JsonObject();
    object.add("low", Json.number(histogram.low()));
    object.add("high", Json.number(histogram.high()));
    JsonArray counts = new JsonArray();
    histogram.counts().forEach(counts::add);
    object.add("counts", counts);
    return object;
  }

  private JsonArray transfer() {
    JsonArray array = new JsonArray();
    for (Transfer transfer : report.transfer()) {
      JsonObject object = new JsonObject();
      object.addProperty("measure", transfer.measure().key());
      object.add("pearson", Json.number(transfer.pearson()));
      transfer
          .interval()
          .ifPresent(
              ends -> {
                object.add("low", Json.number(ends.low()));
                object.add("high", Json.number(ends.high()));
              });
      array.add(object);
    }
    return array;
  }

  private JsonObject speed(ModelBenchmark speed) {
    ModelMask half = report.result().halfOfTheHeads().orElseThrow();
    JsonObject object = new JsonObject();
    object.add("mask", PruningSettings.mask(half));
    object.add("sizes", new BenchmarkJson(speed).sizes());
    object.addProperty("repetitions", speed.repetitions());
    return object;
  }

  private static JsonObject data(MichelData data) {
    JsonObject object = new JsonObject();
    object.add("evaluation", PruningSettings.source(data.evaluation()));
    object.add("importance", PruningSettings.source(data.importance()));
    data.other().ifPresent(other -> object.add("other", PruningSettings.source(other)));
    return object;
  }

  private static JsonObject settings(MichelOptions options) {
    JsonObject settings = new JsonObject();
    settings.addProperty("criterion", Criterion.GRADIENT.key());
    settings.addProperty("normalization", Normalization.LAYER.key());
    settings.addProperty("randomDraws", options.randomDraws());
    AblationJson.addComparison(settings, options.comparison());
    settings.addProperty("batchTokens", options.run().batchTokens());
    return settings;
  }
}
