package org.bertology.core.checkpoint.mapping;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredModel;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * A description of a checkpoint in the terms of a known family, so that it can be read without code
 * of its own: JSON such as
 *
 * <pre>{@code
 * {
 *   "config": { "model_type": "bert", "architectures": ["BertForSequenceClassification"],
 *               "hidden_size": { "from": "d_model" } },
 *   "tensors": [
 *     { "name": "blocks\\.(\\d+)\\.qkv\\.(weight|bias)",
 *       "is": ["bert.encoder.layer.$1.attention.self.query.$2",
 *              "bert.encoder.layer.$1.attention.self.key.$2",
 *              "bert.encoder.layer.$1.attention.self.value.$2"] },
 *     { "name": "blocks\\.(\\d+)\\.out\\.w", "is": "bert.encoder.layer.$1.attention.output.dense.weight",
 *       "transposed": true },
 *     { "name": "optimizer\\..*", "is": [] }
 *   ]
 * }
 * }</pre>
 *
 * <p>{@code config} holds keys of the family's {@code config.json} that the file has not, or has
 * under another name ({@code from}), or should have with another value. Each entry of {@code
 * tensors} has a regular expression for a whole name and what the tensor is: one parameter, several
 * of equal size that lie one after the other along the first axis (after it was transposed), or
 * none, so that it is left out. {@code $1} stands for a group. The first entry that fits counts; a
 * tensor that none fits keeps its name.
 */
public final class CheckpointMapping {
  private final JsonFields json;
  private final List<TensorRule> rules;

  private CheckpointMapping(JsonFields json, List<TensorRule> rules) {
    this.json = json;
    this.rules = rules;
  }

  /**
   * Reads a description.
   *
   * @throws ContentException if it is wrong
   */
  public static CheckpointMapping read(Path file) {
    JsonFields json = StrictJson.read(file);
    for (String key : json.keys()) {
      if (!key.equals("config") && !key.equals("tensors")) {
        throw new ContentException(
            "%s: the key '%s' is unknown; known are config, tensors".formatted(json.source(), key));
      }
    }
    List<TensorRule> rules = new ArrayList<>();
    if (json.has("tensors")) {
      for (JsonElement element : json.array("tensors", "an array of objects")) {
        rules.add(TensorRule.of(entry(json, rules.size(), element)));
      }
    }
    return new CheckpointMapping(json, rules);
  }

  private static JsonFields entry(JsonFields json, int index, JsonElement element) {
    if (!element.isJsonObject()) {
      throw json.wrong("tensors", "an array of objects", element);
    }
    return new JsonFields(
        "%s 'tensors' [%d]".formatted(json.source(), index), element.getAsJsonObject());
  }

  /**
   * A model in the terms of the family.
   *
   * @throws ContentException if two tensors become the same parameter, one cannot be divided or
   *     transposed, or a key that another one is taken from is missing
   */
  public StoredModel of(StoredModel stored) {
    return new StoredModel(
        config(stored.config()),
        MappedWeights.of(json.source(), stored.weights(), rules),
        stored.files());
  }

  private JsonFields config(JsonFields stored) {
    JsonObject changed = stored.object().deepCopy();
    if (json.has("config")) {
      for (Map.Entry<String, JsonElement> entry : json.fields("config").object().entrySet()) {
        changed.add(entry.getKey(), value(stored, entry.getValue()));
      }
    }
    return new JsonFields(stored.source(), changed);
  }

  private JsonElement value(JsonFields stored, JsonElement stated) {
    boolean renamed =
        stated.isJsonObject() && stated.getAsJsonObject().keySet().equals(Set.of("from"));
    if (!renamed) {
      return stated;
    }
    String from = stated.getAsJsonObject().get("from").getAsString();
    if (!stored.has(from)) {
      throw new ContentException(
          "%s takes a value from the key '%s', which %s does not have"
              .formatted(json.source(), from, stored.source()));
    }
    return stored.object().get(from);
  }
}
