package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.bertology.core.backend.EngineDiagnosis;
import org.bertology.core.backend.Surroundings;

/** What engines an installation has, as one JSON document. */
public final class DoctorJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private DoctorJson() {}

  /**
   * The document's text.
   *
   * @param notes sentences about the installation as a whole
   */
  public static String of(
      Surroundings surroundings, List<EngineDiagnosis> engines, List<String> notes) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "doctor");
    document.addProperty("bertology", Version.current());
    document.addProperty("java", surroundings.java());
    document.addProperty("javaHome", surroundings.javaHome());
    document.addProperty("system", surroundings.system());
    document.addProperty("architecture", surroundings.architecture());
    document.addProperty("processors", surroundings.processors());
    document.add("memoryBytes", number(surroundings.memoryBytes()));
    document.addProperty("heapBytes", surroundings.heapBytes());
    document.add("notes", Json.texts(notes));
    JsonArray array = new JsonArray();
    engines.forEach(engine -> array.add(engine(engine)));
    document.add("engines", array);
    return Json.document(document);
  }

  private static JsonElement number(OptionalLong value) {
    return value.isPresent() ? new JsonPrimitive(value.getAsLong()) : JsonNull.INSTANCE;
  }

  private static JsonObject engine(EngineDiagnosis diagnosis) {
    JsonObject engine = new JsonObject();
    engine.addProperty("backend", diagnosis.backend());
    engine.add("title", Json.text(diagnosis.title()));
    engine.addProperty("state", diagnosis.state().name().toLowerCase(Locale.ROOT));
    engine.add("version", Json.text(diagnosis.found().map(EngineDiagnosis.Found::version)));
    engine.add(
        "devices",
        Json.texts(diagnosis.found().map(EngineDiagnosis.Found::devices).orElse(List.of())));
    engine.add(
        "capabilities",
        Json.texts(diagnosis.found().map(EngineDiagnosis.Found::capabilities).orElse(List.of())));
    engine.add("jars", Json.texts(diagnosis.jars()));
    engine.add(
        "natives",
        Json.texts(diagnosis.found().map(EngineDiagnosis.Found::natives).orElse(List.of())));
    engine.add("problem", Json.text(diagnosis.problem()));
    engine.add("advice", Json.text(diagnosis.advice()));
    engine.add("warnings", Json.texts(diagnosis.warnings()));
    return engine;
  }
}
