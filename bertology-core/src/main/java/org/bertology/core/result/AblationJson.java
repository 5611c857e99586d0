package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.statistics.PairedDifference;

/**
 * An ablation as one JSON document, the same to the byte for the same model, data and settings
 * except for its last member, {@code run}.
 */
public final class AblationJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private static final String KIND = "ablation";

  private final AblationReport report;

  private AblationJson(AblationReport report) {
    this.report = report;
  }

  /**
   * The document's text.
   *
   * @param files names of the files that are written with it; none if it is only shown
   */
  public static String of(
      AblationReport report, List<String> files, Provenance provenance, RunRecord run) {
    JsonObject document = new AblationJson(report).withoutRun(files, provenance);
    document.add("run", run.toJson());
    return Json.document(document);
  }

  /** All that the predictions of an ablation depend on, for its journal. */
  public static JsonObject computation(
      AblationOptions options, ModelMask base, Provenance provenance) {
    JsonObject computation = new JsonObject();
    computation.addProperty("kind", KIND);
    computation.addProperty("target", options.target().key());
    computation.addProperty("mode", options.mode().key());
    computation.add("groupSize", groupSize(options));
    computation.addProperty("batchTokens", options.run().batchTokens());
    Summary.addMasks(computation, base);
    computation.add("provenance", provenance.toJson());
    return computation;
  }

  private static JsonElement groupSize(AblationOptions options) {
    boolean given =
        options.target() == Target.NEURONS && options.groupSize() != AblationOptions.WHOLE_LAYER;
    return given ? new JsonPrimitive(options.groupSize()) : JsonNull.INSTANCE;
  }

  private JsonObject withoutRun(List<String> files, Provenance provenance) {
    AblationOptions options = report.ablation().options();
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", KIND);
    document.addProperty("target", options.target().key());
    document.addProperty("mode", options.mode().key());
    document.addProperty("measure", report.main().key());
    document.addProperty("countsFrom", 1);
    provenance.addLayers(document);
    addRows(document);
    report.summary().addTo(document);
    document.add("settings", settings());
    document.add("files", Json.texts(files));
    document.add("provenance", provenance.toJson());
    return document;
  }

  /** The runs alone, for a document that has more of them. */
  static JsonObject member(AblationReport report) {
    JsonObject member = new JsonObject();
    new AblationJson(report).addRows(member);
    return member;
  }

  private void addRows(JsonObject object) {
    object.add("ablated", rows(report.rows()));
    if (!report.bestOfLayers().isEmpty()) {
      object.add("bestOfLayers", rows(report.bestOfLayers()));
    }
  }

  private JsonArray rows(List<AblationRow> rows) {
    JsonArray array = new JsonArray();
    rows.forEach(row -> array.add(row(row)));
    return array;
  }

  private JsonObject row(AblationRow row) {
    JsonObject object = new JsonObject();
    AblationNames.of(row.group()).forEach(object::addProperty);
    object.add("metrics", Json.numbers(row.metrics()));
    object.add("loss", Json.number(row.loss().value()));
    row.correct().ifPresent(count -> object.addProperty("correct", count));
    JsonObject differences = new JsonObject();
    differences.add(report.main().key(), difference(row.main()));
    differences.add("loss", difference(row.loss()));
    object.add("differences", differences);
    return object;
  }

  private static JsonObject difference(PairedDifference difference) {
    JsonObject object = new JsonObject();
    object.add("value", Json.number(difference.difference()));
    difference
        .interval()
        .ifPresent(
            ends -> {
              object.add("low", Json.number(ends.low()));
              object.add("high", Json.number(ends.high()));
            });
    object.add("p", Json.number(difference.pValue()));
    object.add("correctedP", Json.number(difference.correctedPValue()));
    object.addProperty("significant", difference.isSignificant(AblationReport.LEVEL));
    return object;
  }

  private JsonObject settings() {
    JsonObject settings = new JsonObject();
    settings.add("groupSize", groupSize(report.ablation().options()));
    addComparison(settings, report.comparison());
    settings.addProperty("batchTokens", report.ablation().options().run().batchTokens());
    return settings;
  }

  static void addComparison(JsonObject settings, PairedComparison comparison) {
    settings.addProperty("resamples", comparison.resamples());
    settings.addProperty("randomizations", comparison.randomizations());
    settings.addProperty("seed", comparison.seed());
    settings.addProperty("correction", comparison.correction().key());
    settings.addProperty("level", AblationReport.LEVEL);
  }
}
