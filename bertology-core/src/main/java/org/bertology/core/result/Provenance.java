package org.bertology.core.result;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.backend.Backend;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.data.GlueTask;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.task.ReadColumns;
import org.bertology.core.task.TaskData;

/**
 * What a result was computed from.
 *
 * @param model its directory and digest
 * @param layers the model's, as results name them
 * @param data the data file's name and digest
 * @param task the GLUE task, if one was named
 * @param columns that were read
 * @param labelMatching how labels were matched with the model's classes
 * @param outputs the names of the model's outputs
 * @param maxLength tokens to which examples were cut
 * @param limit the number of examples that were asked for, if not all
 * @param engine that computed
 */
public record Provenance(
    Source model,
    LayerTitles layers,
    Source data,
    Optional<String> task,
    ReadColumns columns,
    String labelMatching,
    List<String> outputs,
    int maxLength,
    OptionalInt limit,
    Engine engine) {

  /**
   * A file or directory.
   *
   * @param name without the directories above it, which say something about a machine only
   * @param sha256 of its bytes, in hexadecimal; see {@code Checkpoint.sha256} for a model's
   * @param attention what a model's tokens see, if that is not what is usual in the family
   * @param parameterSets how many there are for a model's layers, if some share them
   */
  public record Source(
      String name, String sha256, Optional<String> attention, OptionalInt parameterSets) {
    /** A model directory; reads its files to digest them. */
    static Source of(Checkpoint model) {
      TransformerConfig config = model.config().transformer();
      AttentionPattern usual = model.config().format().attention();
      return new Source(
          Provenance.name(model.source()),
          model.sha256(),
          config.attention().equals(usual)
              ? Optional.empty()
              : Optional.of(config.attention().text()),
          config.sharesParameters()
              ? OptionalInt.of(config.sharing().size())
              : OptionalInt.empty());
    }

    static Source of(TaskData data) {
      return new Source(
          Provenance.name(data.file()), data.sha256(), Optional.empty(), OptionalInt.empty());
    }

    JsonObject toJson() {
      JsonObject source = new JsonObject();
      source.addProperty("name", name);
      source.addProperty("sha256", sha256);
      attention.ifPresent(pattern -> source.addProperty("attention", pattern));
      parameterSets.ifPresent(sets -> source.addProperty("parameterSets", sets));
      return source;
    }
  }

  /**
   * A backend and how it was set.
   *
   * @param threads of one run
   */
  public record Engine(String backend, String version, String device, int threads) {
    static Engine of(Backend backend) {
      return new Engine(
          backend.name(), backend.version(), backend.config().device(), backend.config().threads());
    }

    JsonObject toJson() {
      JsonObject engine = new JsonObject();
      engine.addProperty("backend", backend);
      engine.addProperty("version", version);
      engine.addProperty("device", device);
      engine.addProperty("threads", threads);
      return engine;
    }
  }

  public Provenance {
    outputs = List.copyOf(outputs);
  }

  /** The provenance of what a model gave for examples; reads the files to digest them. */
  public static Provenance of(Model model, TaskData data) {
    return new Provenance(
        Source.of(model.checkpoint()),
        LayerTitles.of(model.config().layers()),
        Source.of(data),
        data.selection().task().map(GlueTask::key),
        data.columns(),
        data.labelMatching(),
        data.outputNames(),
        data.maxLength(),
        data.selection().limit(),
        Engine.of(model.backend()));
  }

  private static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? "/" : name.toString();
  }

  /** Adds the names of layers where their numbers alone do not tell them. */
  void addLayers(JsonObject document) {
    Json.addLayers(document, layers);
  }

  JsonObject toJson() {
    JsonObject object = new JsonObject();
    object.addProperty("bertology", Version.current());
    object.add("model", model.toJson());
    object.add("data", data.toJson());
    object.add("task", Json.text(task));
    object.add("columns", columnsJson());
    object.addProperty("labelMatching", labelMatching);
    object.add("outputs", Json.texts(outputs));
    object.addProperty("maxLength", maxLength);
    object.add("limit", number(limit));
    object.add("engine", engine.toJson());
    return object;
  }

  private JsonObject columnsJson() {
    JsonObject object = new JsonObject();
    object.addProperty("text", columns.text());
    object.add("pair", Json.text(columns.pair()));
    object.add("label", Json.text(columns.label()));
    return object;
  }

  private static JsonElement number(OptionalInt value) {
    return value.isPresent() ? new JsonPrimitive(value.getAsInt()) : JsonNull.INSTANCE;
  }
}
