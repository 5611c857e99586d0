package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.statistics.Intervals;

/**
 * Importance as one JSON document, the same to the byte for the same model, data and settings
 * except for its last member, {@code run}.
 */
public final class ImportanceJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private final ImportanceReport report;
  private final LayerScores shape;

  private ImportanceJson(ImportanceReport report) {
    this.report = report;
    this.shape = report.scores();
  }

  /**
   * The document's text.
   *
   * @param files names of the files that are written with it; none if it is only shown
   */
  public static String of(
      ImportanceReport report, List<String> files, Provenance provenance, RunRecord run) {
    JsonObject document = new ImportanceJson(report).withoutRun(files, provenance);
    document.add("run", run.toJson());
    return Json.document(document);
  }

  private JsonObject withoutRun(List<String> files, Provenance provenance) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "importance");
    document.addProperty("target", report.target().key());
    document.addProperty("criterion", report.criterion().key());
    document.addProperty("normalization", report.normalization().key());
    provenance.addLayers(document);
    document.add("scores", Json.matrix(shape));
    report.intervals().ifPresent(ends -> document.add("intervals", intervals(ends)));
    document.addProperty("rankingCountsFrom", 1);
    document.add("ranking", ranking());
    document.add("definitions", definitions());
    addAttention(document);
    report.summary().addTo(document);
    document.add("settings", settings());
    document.add("files", Json.texts(files));
    document.add("provenance", provenance.toJson());
    return document;
  }

  private JsonObject intervals(Intervals ends) {
    JsonObject object = new JsonObject();
    object.add("low", Json.matrix(shape, ends::low));
    object.add("high", Json.matrix(shape, ends::high));
    return object;
  }

  private JsonArray ranking() {
    JsonArray array = new JsonArray();
    int rank = 0;
    for (LayerScores.Unit unit : report.ranking()) {
      rank++;
      JsonObject entry = new JsonObject();
      entry.addProperty("rank", rank);
      entry.addProperty("layer", unit.layer() + 1);
      if (report.target() != Target.LAYERS) {
        entry.addProperty(report.target().unit(), unit.index() + 1);
      }
      entry.add("score", Json.number(unit.score()));
      array.add(entry);
    }
    return array;
  }

  private JsonObject definitions() {
    JsonObject object = new JsonObject();
    for (Criterion criterion : Criterion.values()) {
      JsonObject definition = new JsonObject();
      definition.add("scores", Json.matrix(report.importance().scores(criterion)));
      report
          .definitionIntervals(criterion)
          .ifPresent(ends -> definition.add("intervals", intervals(ends)));
      object.add(criterion.key(), definition);
    }
    return object;
  }

  private void addAttention(JsonObject document) {
    report.importance().entropy().ifPresent(s -> document.add("entropy", Json.matrix(s)));
    report.importance().confidence().ifPresent(s -> document.add("confidence", Json.matrix(s)));
  }

  private JsonObject settings() {
    ImportanceOptions options = report.importance().options();
    JsonObject settings = new JsonObject();
    settings.addProperty("objective", options.objective().key());
    settings.addProperty("batchSize", options.batchSize());
    settings.addProperty("resamples", options.resamples());
    settings.addProperty("seed", options.seed());
    settings.addProperty("batchTokens", options.run().batchTokens());
    return settings;
  }
}
