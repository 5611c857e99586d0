package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Optional;
import org.bertology.core.export.ExportReport;
import org.bertology.core.export.ExportedFile;
import org.bertology.core.export.OutputDifference;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.task.TaskData;

/** What became of an export as one JSON document. */
public final class ExportJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private ExportJson() {}

  /**
   * The document's text.
   *
   * @param mask what was cut out
   * @param data the examples that the file was checked on; empty if they were made up
   */
  public static String of(
      ExportReport report,
      Model model,
      Optional<ModelMask> mask,
      Optional<TaskData> data,
      RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "export");
    document.addProperty("format", report.format().key());
    document.add("inputs", Json.texts(report.inputs()));
    document.add("outputs", outputs(report));
    report.proof().ifPresent(proof -> document.add("proof", ProofJson.member(proof)));
    mask.ifPresent(cut -> Summary.addMasks(document, cut));
    document.addProperty("examples", report.examples());
    document.add("tolerance", Json.number(report.tolerance()));
    document.addProperty("withinTolerance", report.holds());
    document.add("files", files(report));
    document.add("provenance", provenance(model, data));
    document.add("run", run.toJson());
    return Json.document(document);
  }

  private static JsonArray outputs(ExportReport report) {
    JsonArray outputs = new JsonArray();
    for (OutputDifference difference : report.outputs()) {
      JsonObject output = new JsonObject();
      output.addProperty("name", difference.output());
      output.add("absolute", Json.number(difference.absolute()));
      output.add("relative", Json.number(difference.relative()));
      outputs.add(output);
    }
    return outputs;
  }

  private static JsonArray files(ExportReport report) {
    JsonArray files = new JsonArray();
    for (ExportedFile file : report.files()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", file.name());
      entry.addProperty("bytes", file.bytes());
      files.add(entry);
    }
    return files;
  }

  private static JsonObject provenance(Model model, Optional<TaskData> data) {
    JsonObject provenance = new JsonObject();
    provenance.addProperty("bertology", Version.current());
    provenance.add("model", Provenance.Source.of(model.checkpoint()).toJson());
    JsonElement source =
        data.<JsonElement>map(examples -> Provenance.Source.of(examples).toJson())
            .orElse(JsonNull.INSTANCE);
    provenance.add("data", source);
    provenance.add("engine", Provenance.Engine.of(model.backend()).toJson());
    return provenance;
  }
}
