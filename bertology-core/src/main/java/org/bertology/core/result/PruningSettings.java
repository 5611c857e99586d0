package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.core.importance.Target;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Baselines;
import org.bertology.core.prune.DataRole;
import org.bertology.core.prune.PruningData;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.Threshold;
import org.bertology.core.task.TaskData;

/** What a pruning depends on, as JSON: in its result, and as the name of its journal. */
public final class PruningSettings {
  private PruningSettings() {}

  /** Everything that the steps of a pruning depend on. */
  public static JsonObject computation(
      Model model,
      PruningData data,
      PruningOptions options,
      String criterion,
      int resamples,
      int batchTokens) {
    JsonObject computation = new JsonObject();
    computation.addProperty("kind", "pruning");
    computation.addProperty("criterion", criterion);
    computation.add("data", data(data));
    computation.add("settings", settings(options, resamples, batchTokens));
    computation.add("schedule", schedule(options.schedule()));
    computation.add("provenance", Provenance.of(model, data.importance()).toJson());
    return computation;
  }

  /** The file of every role, and which roles share one. */
  static JsonObject data(PruningData data) {
    JsonObject object = new JsonObject();
    for (Map.Entry<DataRole, TaskData> role : data.byRole().entrySet()) {
      object.add(role.getKey().key(), source(role.getValue()));
    }
    JsonArray shared = new JsonArray();
    data.shared()
        .forEach(roles -> shared.add(Json.texts(roles.stream().map(DataRole::key).toList())));
    object.add("shared", shared);
    return object;
  }

  static JsonObject source(TaskData data) {
    JsonObject source = new JsonObject();
    source.addProperty("name", data.file().getFileName().toString());
    source.addProperty("sha256", data.sha256());
    source.addProperty("examples", data.encoded().size());
    return source;
  }

  static JsonObject settings(PruningOptions options, int resamples, int batchTokens) {
    Baselines baselines = options.baselines();
    JsonObject settings = new JsonObject();
    settings.addProperty("target", options.target().key());
    settings.addProperty("objective", options.objective().key());
    settings.addProperty("normalization", options.normalization().key());
    settings.addProperty("metric", options.metric().key());
    settings.addProperty("keepPerLayer", options.rules().keepPerLayer());
    settings.addProperty("multipleOf", options.rules().multipleOf());
    settings.addProperty("randomDraws", baselines.randomDraws());
    settings.addProperty("reverse", baselines.reverse());
    settings.addProperty("leaveOneOut", baselines.leaveOneOut());
    settings.addProperty("seed", options.seed());
    settings.addProperty("resamples", resamples);
    settings.addProperty("batchTokens", batchTokens);
    return settings;
  }

  static JsonObject schedule(Schedule schedule) {
    return schedule.accept(new ScheduleJson());
  }

  private static final class ScheduleJson implements Schedule.Visitor<JsonObject> {
    private static JsonObject named(String name) {
      JsonObject object = new JsonObject();
      object.addProperty("name", name);
      return object;
    }

    private static JsonElement fraction(Optional<Threshold> threshold) {
      return threshold
          .<JsonElement>map(given -> Json.number(given.fraction()))
          .orElse(JsonNull.INSTANCE);
    }

    @Override
    public JsonObject visit(Schedule.Amounts schedule) {
      JsonObject object = named("amounts");
      object.add("amounts", Json.texts(schedule.amounts().stream().map(Object::toString).toList()));
      object.addProperty("reEstimate", schedule.reEstimate());
      object.add("threshold", fraction(schedule.threshold()));
      return object;
    }

    @Override
    public JsonObject visit(Schedule.WhileAbove schedule) {
      JsonObject object = named("while-above");
      object.addProperty("amount", schedule.amount().toString());
      object.addProperty("reEstimate", true);
      object.add("threshold", fraction(Optional.of(schedule.threshold())));
      return object;
    }

    @Override
    public JsonObject visit(Schedule.ToBudget schedule) {
      JsonObject object = named("budget");
      object.addProperty("quantity", schedule.budget().quantity().key());
      object.add("limit", Json.number(schedule.budget().limit()));
      object.addProperty("relative", schedule.budget().relative());
      return object;
    }

    @Override
    public JsonObject visit(Schedule.Given schedule) {
      JsonObject object = named("given");
      object.add("mask", mask(schedule.mask()));
      return object;
    }
  }

  /** What a mask takes away, in the words of the options that take masks. */
  static JsonObject mask(ModelMask mask) {
    JsonObject object = new JsonObject();
    for (Target target : Target.values()) {
      Mask kind = target.mask();
      if (mask.kinds().contains(kind)) {
        object.add(target.key(), new JsonPrimitive(MaskText.of(kind, mask)));
      }
    }
    return object;
  }
}
