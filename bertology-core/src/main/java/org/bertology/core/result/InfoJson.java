package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Optional;
import org.bertology.api.model.LayerGeometry;
import org.bertology.core.model.CutSize;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.ModelFlops;
import org.bertology.core.model.ModelInfo;
import org.bertology.core.model.ParameterCounts;
import org.bertology.core.model.ParameterTable;

/** A model's description as one JSON document. */
public final class InfoJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private InfoJson() {}

  /**
   * The document's text.
   *
   * @param name of the model's directory
   * @param cut what would be left without what is masked, if anything is
   * @param table every parameter, if wanted
   */
  public static String of(
      String name, ModelInfo info, Optional<CutSize> cut, Optional<ParameterTable> table) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "info");
    document.addProperty("model", name);
    document.addProperty("family", info.family());
    document.addProperty("task", info.task().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    document.addProperty("heads", info.totalHeads());
    document.addProperty("hiddenSize", info.hiddenSize());
    document.addProperty("vocabularySize", info.vocabularySize());
    document.addProperty("positions", info.positions());
    document.add("labels", Json.texts(info.labels()));
    Json.addLayers(document, LayerTitles.of(info.layers()));
    document.add("layers", layers(info));
    document.add("parameters", parameters(info.parameters()));
    document.add("stored", stored(info));
    document.add("flops", flops(info.flops()));
    cut.ifPresent(masked -> document.add("masked", masked(masked)));
    table.ifPresent(parameters -> document.add("tensors", tensors(parameters)));
    return Json.document(document);
  }

  private static JsonArray tensors(ParameterTable table) {
    JsonArray tensors = new JsonArray();
    for (ParameterTable.Row row : table.rows()) {
      JsonObject tensor = new JsonObject();
      tensor.addProperty("name", row.name());
      JsonArray shape = new JsonArray();
      row.shape().forEach(shape::add);
      tensor.add("shape", shape);
      tensor.addProperty("size", row.size());
      tensor.addProperty("use", row.use().name().toLowerCase(Locale.ROOT));
      tensor.addProperty("places", row.places());
      tensor.addProperty("flops", row.flops());
      tensors.add(tensor);
    }
    return tensors;
  }

  private static JsonObject masked(CutSize cut) {
    JsonObject masked = new JsonObject();
    masked.addProperty("heads", cut.heads());
    masked.addProperty("neurons", cut.neurons());
    masked.addProperty("layers", cut.layers());
    masked.addProperty("parameters", cut.parameters());
    masked.addProperty("fewerParameters", cut.fewerParameters());
    masked.addProperty("flops", cut.flops());
    masked.addProperty("fewerFlops", cut.fewerFlops());
    return masked;
  }

  private static JsonArray layers(ModelInfo info) {
    JsonArray layers = new JsonArray();
    for (LayerGeometry geometry : info.layers()) {
      JsonObject layer = new JsonObject();
      layer.addProperty("heads", geometry.heads());
      layer.addProperty("headSize", geometry.headSize());
      layer.addProperty("neurons", geometry.intermediateSize());
      layers.add(layer);
    }
    return layers;
  }

  private static JsonObject parameters(ParameterCounts counts) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("total", counts.total());
    parameters.addProperty("embeddings", counts.embeddings());
    JsonArray attention = new JsonArray();
    counts.attention().forEach(attention::add);
    parameters.add("attention", attention);
    JsonArray feedforward = new JsonArray();
    counts.feedforward().forEach(feedforward::add);
    parameters.add("feedforward", feedforward);
    parameters.addProperty("head", counts.head());
    return parameters;
  }

  private static JsonObject stored(ModelInfo info) {
    JsonObject stored = new JsonObject();
    stored.addProperty("bytes", info.stored().bytes());
    info.stored().elements().forEach((type, count) -> stored.addProperty(type.name(), count));
    return stored;
  }

  private static JsonObject flops(ModelFlops counts) {
    JsonObject flops = new JsonObject();
    flops.addProperty("batch", counts.batch());
    flops.addProperty("length", counts.length());
    flops.addProperty("full", counts.full());
    flops.addProperty("narrowed", counts.narrowed());
    counts.headImportance().ifPresent(count -> flops.addProperty("headImportance", count));
    return flops;
  }
}
