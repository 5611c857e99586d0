package org.bertology.core.result;

import com.google.gson.JsonObject;

/**
 * A model's performance as one JSON document, the same to the byte for the same model, data and
 * settings except for its last member, {@code run}.
 */
public final class EvaluationJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private EvaluationJson() {}

  /** The document's text. */
  public static String of(Summary summary, Provenance provenance, RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "evaluation");
    summary.addTo(document);
    document.add("provenance", provenance.toJson());
    document.add("run", run.toJson());
    return Json.document(document);
  }
}
