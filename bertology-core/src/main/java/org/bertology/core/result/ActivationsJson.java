package org.bertology.core.result;

import com.google.gson.JsonObject;
import java.util.List;
import org.bertology.core.run.EncodedData;

/** What a file of activations holds, as one JSON document. */
public final class ActivationsJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private ActivationsJson() {}

  /**
   * The document's text.
   *
   * @param path the file or directory
   * @param names of the arrays of hooks
   * @param bytes of all arrays
   */
  public static String of(
      String path, List<String> names, long bytes, EncodedData data, RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "activations");
    document.addProperty("path", path);
    document.add("arrays", Json.texts(names));
    document.addProperty("bytes", bytes);
    document.add("counts", Summary.counts(data.size(), data.tokens(), data.truncated()));
    document.add("run", run.toJson());
    return Json.document(document);
  }
}
