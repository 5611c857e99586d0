package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.function.Function;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.ModelMask;
import org.bertology.core.scoring.RankingAgreement;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.scoring.Scoring;
import org.bertology.core.statistics.Intervals;

/**
 * Several criteria as one JSON document, the same to the byte for the same model, data and settings
 * except for its last member, {@code run}.
 */
public final class CriteriaJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private final CriteriaReport report;

  private CriteriaJson(CriteriaReport report) {
    this.report = report;
  }

  /**
   * The document's text.
   *
   * @param files names of the files that are written with it; none if it is only shown
   */
  public static String of(
      CriteriaReport report, List<String> files, Provenance provenance, RunRecord run) {
    JsonObject document = new CriteriaJson(report).withoutRun(files, provenance);
    document.add("run", run.toJson());
    return Json.document(document);
  }

  /** Everything that the scorings depend on, for a journal. */
  public static JsonObject computation(
      List<String> keys,
      ScorerOptions options,
      Metric metric,
      ModelMask mask,
      Provenance provenance) {
    JsonObject computation = new JsonObject();
    computation.addProperty("target", options.target().key());
    computation.add("criteria", Json.texts(keys));
    computation.add("settings", settings(options, metric));
    Summary.addMasks(computation, mask);
    computation.add("provenance", provenance.toJson());
    return computation;
  }

  private JsonObject withoutRun(List<String> files, Provenance provenance) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "criteria");
    document.addProperty("target", target().key());
    document.addProperty("rankingCountsFrom", 1);
    provenance.addLayers(document);
    document.add("criteria", criteria());
    document.add("agreement", agreement());
    report.summary().addTo(document);
    document.add("settings", settings(report.options(), report.metric()));
    document.add("files", Json.texts(files));
    document.add("provenance", provenance.toJson());
    return document;
  }

  private Target target() {
    return report.options().target();
  }

  private JsonObject criteria() {
    JsonObject criteria = new JsonObject();
    for (Scoring scoring : report.scorings()) {
      JsonObject criterion = new JsonObject();
      criterion.add("scores", Json.matrix(scoring.scores()));
      scoring
          .intervals()
          .ifPresent(ends -> criterion.add("intervals", intervals(scoring.scores(), ends)));
      criterion.add("ranking", ranking(scoring));
      criteria.add(scoring.key(), criterion);
    }
    return criteria;
  }

  private static JsonObject intervals(LayerScores shape, Intervals ends) {
    JsonObject object = new JsonObject();
    object.add("low", Json.matrix(shape, ends::low));
    object.add("high", Json.matrix(shape, ends::high));
    return object;
  }

  private JsonArray ranking(Scoring scoring) {
    JsonArray array = new JsonArray();
    for (LayerScores.Unit unit : report.ranking(scoring).subList(0, report.top())) {
      JsonObject entry = new JsonObject();
      entry.addProperty("rank", array.size() + 1);
      entry.addProperty("layer", unit.layer() + 1);
      if (target() != Target.LAYERS) {
        entry.addProperty(target().unit(), unit.index() + 1);
      }
      entry.add("score", Json.number(unit.score()));
      array.add(entry);
    }
    return array;
  }

  private JsonObject agreement() {
    JsonObject agreement = new JsonObject();
    agreement.add("order", Json.texts(report.agreement().keys()));
    agreement.add("spearman", matrix(pair -> Json.number(pair.spearman())));
    agreement.add("kendall", matrix(pair -> Json.number(pair.kendall())));
    agreement.addProperty("top", report.top());
    agreement.add("topShared", matrix(pair -> new JsonPrimitive(pair.shared())));
    return agreement;
  }

  private JsonArray matrix(Function<RankingAgreement, JsonElement> value) {
    JsonArray rows = new JsonArray();
    for (List<RankingAgreement> pairs : report.agreement().pairs()) {
      JsonArray row = new JsonArray();
      pairs.stream().map(value).forEach(row::add);
      rows.add(row);
    }
    return rows;
  }

  private static JsonObject settings(ScorerOptions options, Metric metric) {
    JsonObject settings = new JsonObject();
    settings.addProperty("objective", options.objective().key());
    settings.addProperty("normalization", options.normalization().key());
    settings.addProperty("metric", metric.key());
    settings.addProperty("batchSize", options.batchSize());
    settings.addProperty("permutations", options.permutations());
    settings.addProperty("resamples", options.resamples());
    settings.addProperty("seed", options.seed());
    settings.addProperty("batchTokens", options.run().batchTokens());
    return settings;
  }
}
