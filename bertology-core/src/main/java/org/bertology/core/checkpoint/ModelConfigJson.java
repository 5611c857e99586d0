package org.bertology.core.checkpoint;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.LayerGeometry;
import org.bertology.core.family.ConfigKeys;

/** The {@code config.json} of a pruned model: that of its source, with what pruning changed. */
final class ModelConfigJson {
  private static final String BERTOLOGY = "bertology";
  private static final String LAYERS = "layers";
  private static final String ATTENTION = "attention";
  private static final String POOLING = "pooling";

  private final JsonObject json;
  private final ModelConfig config;

  private ModelConfigJson(JsonObject json, ModelConfig config) {
    this.json = json;
    this.config = config;
  }

  /**
   * The text of the file. Keys that nobody here knows stay, and all keep their places.
   *
   * @param source the file of the model that was pruned; it is not changed
   * @param type of all floating-point weights, if they do not keep theirs
   */
  static String text(JsonObject source, ModelConfig config, Optional<StoredType> type) {
    ModelConfigJson file = new ModelConfigJson(source.deepCopy(), config);
    file.putSizes();
    config.format().addSettings(config.transformer().family(), file.json);
    file.putPrunedHeads();
    file.putOurs();
    type.ifPresent(file::putType);
    return new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create()
            .toJson(file.json)
        + "\n";
  }

  private void putSizes() {
    config
        .format()
        .layerKeys()
        .forEach((stack, key) -> json.addProperty(key, config.transformer().count(stack)));
    putIntermediateSize(config.format().keys());
  }

  /** A key that may be missing stays so where what it means by that is right. */
  private void putIntermediateSize(ConfigKeys keys) {
    boolean usual = config.intermediateSize() == 4 * config.transformer().hiddenSize();
    JsonElement given = json.get(keys.intermediateSize());
    boolean silent = keys.intermediateIsOptional() && (given == null || given.isJsonNull());
    if (!(silent && usual)) {
      json.addProperty(keys.intermediateSize(), config.intermediateSize());
    }
  }

  /** By set of parameters, as the library reads it. */
  private void putPrunedHeads() {
    JsonObject bySet = new JsonObject();
    config
        .prunedHeads()
        .forEach(
            (layer, heads) -> {
              JsonArray indices = new JsonArray();
              heads.forEach(indices::add);
              bySet.add("" + config.transformer().family().parameterSet(layer), indices);
            });
    if (bySet.size() > 0 || json.has("pruned_heads")) {
      json.add("pruned_heads", bySet);
    }
  }

  private void putOurs() {
    JsonObject ours = json.get(BERTOLOGY) instanceof JsonObject object ? object : new JsonObject();
    ours.remove(LAYERS);
    if (needsLayers()) {
      ours.add(LAYERS, layers());
    }
    ours.remove(ATTENTION);
    config.format().settings(config.transformer().family()).forEach(ours::addProperty);
    AttentionPattern attention = config.transformer().attention();
    if (!attention.equals(config.format().attention())) {
      ours.addProperty(ATTENTION, attention.text());
    }
    ours.remove(POOLING);
    config.transformer().pooling().ifPresent(pooling -> ours.addProperty(POOLING, pooling.text()));
    json.remove(BERTOLOGY);
    if (ours.size() > 0) {
      json.add(BERTOLOGY, ours);
    }
  }

  /** Whether the library's own keys do not say it all. */
  private boolean needsLayers() {
    boolean needed = !config.originalLayers().isEmpty();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      LayerGeometry geometry = config.layers().get(layer);
      needed |=
          geometry.heads() == 0
              || config.heads(layer).isEmpty()
              || geometry.intermediateSize() != config.wholeNeurons(geometry);
    }
    return needed;
  }

  private JsonArray layers() {
    JsonArray layers = new JsonArray();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      LayerGeometry geometry = config.layers().get(layer);
      JsonObject entry = new JsonObject();
      if (!config.originalLayers().isEmpty()) {
        entry.addProperty("layer", config.originalLayer(layer));
      }
      entry.addProperty("heads", geometry.heads());
      entry.addProperty("intermediate", geometry.intermediateSize());
      layers.add(entry);
    }
    return layers;
  }

  /** The library writes torch_dtype up to 4.55 and dtype afterwards. */
  private void putType(StoredType type) {
    String name =
        switch (type) {
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          case F32 -> "float32";
          case F64 -> "float64";
          case I64, I32, I16, I8, U8, BOOL ->
              throw new IllegalArgumentException("weights cannot be stored as " + type);
        };
    if (json.has("dtype")) {
      json.addProperty("dtype", name);
    }
    if (json.has("torch_dtype") || !json.has("dtype")) {
      json.addProperty("torch_dtype", name);
    }
  }
}
