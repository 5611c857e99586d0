package org.bertology.core.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bertology.api.model.Activation;
import org.bertology.api.model.LayerGeometry;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/** Reads and checks a {@code config.json}. */
final class ModelConfigReader {
  private static final int ANY = Integer.MAX_VALUE;

  /** Far beyond every model; protects memory from a number that is only a mistake. */
  private static final int MAXIMUM_LAYERS = 10_000;

  private static final int MAXIMUM_LABELS = 1_000_000;

  private final JsonFields json;
  private final int hiddenSize;
  private final int layerCount;
  private final int attentionHeads;
  private final int headSize;
  private final int intermediateSize;

  ModelConfigReader(JsonFields json) {
    this.json = json;
    this.hiddenSize = json.integer("hidden_size", 1, ANY);
    this.layerCount = json.integer("num_hidden_layers", 1, MAXIMUM_LAYERS);
    this.attentionHeads = json.integer("num_attention_heads", 1, ANY);
    this.headSize = headSize();
    this.intermediateSize = json.integer("intermediate_size", 1, ANY);
  }

  ModelConfig read() {
    checkPositions();
    int vocabularySize = json.integer("vocab_size", 1, ANY);
    Map<Integer, List<Integer>> prunedHeads = prunedHeads();
    return new ModelConfig(
        json.text("model_type"),
        json.texts("architectures"),
        vocabularySize,
        hiddenSize,
        attentionHeads,
        headSize,
        intermediateSize,
        json.integer("max_position_embeddings", 1, ANY),
        json.integer("type_vocab_size", 1, ANY, 2),
        json.positive("layer_norm_eps", 1e-12),
        activation(),
        labels(),
        problemType(),
        json.integer("pad_token_id", 0, vocabularySize - 1, 0),
        json.flag("tie_word_embeddings", true),
        prunedHeads,
        layers(prunedHeads),
        originalLayers());
  }

  private void checkPositions() {
    String type = json.text("position_embedding_type", "absolute");
    if (!type.equals("absolute")) {
      throw new ContentException(
          "%s: position_embedding_type '%s' is not supported; known is absolute"
              .formatted(json.source(), type));
    }
  }

  private int headSize() {
    if (json.has("head_dim")) {
      return json.integer("head_dim", 1, ANY);
    }
    if (hiddenSize % attentionHeads != 0) {
      throw new ContentException(
          "%s: hidden_size %d is not a multiple of num_attention_heads %d"
              .formatted(json.source(), hiddenSize, attentionHeads));
    }
    return hiddenSize / attentionHeads;
  }

  private Activation activation() {
    String name = json.text("hidden_act", "gelu");
    return switch (name) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      default ->
          throw new ContentException(
              ("%s: hidden_act '%s' is not supported;"
                      + " known are gelu, gelu_new, gelu_pytorch_tanh, relu")
                  .formatted(json.source(), name));
    };
  }

  private ProblemType problemType() {
    if (!json.has("problem_type")) {
      return ProblemType.UNSPECIFIED;
    }
    String name = json.text("problem_type");
    return ProblemType.named(name)
        .orElseThrow(
            () ->
                new ContentException(
                    "%s: problem_type '%s' is unknown; known are %s"
                        .formatted(json.source(), name, ProblemType.allNames())));
  }

  // As in the library, id2label wins over num_labels.
  private List<String> labels() {
    if (json.has("id2label")) {
      return labels(json.fields("id2label"));
    }
    int count = json.integer("num_labels", 1, MAXIMUM_LABELS, 2);
    return IntStream.range(0, count).mapToObj(index -> "LABEL_" + index).toList();
  }

  private List<String> labels(JsonFields names) {
    String[] labels = new String[names.keys().size()];
    for (String key : names.keys()) {
      int index = index(key, labels.length).orElseThrow(() -> wrongLabels(names));
      if (labels[index] != null) {
        throw wrongLabels(names);
      }
      labels[index] = names.text(key);
    }
    if (labels.length == 0) {
      throw wrongLabels(names);
    }
    return Arrays.asList(labels);
  }

  private ContentException wrongLabels(JsonFields names) {
    return json.wrong("id2label", "indexed 0, 1, 2, … without gaps", names.keys().toString());
  }

  private static Optional<Integer> index(String key, int count) {
    try {
      int index = Integer.parseInt(key);
      return index >= 0 && index < count ? Optional.of(index) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Map<Integer, List<Integer>> prunedHeads() {
    Map<Integer, List<Integer>> pruned = new TreeMap<>();
    if (json.has("pruned_heads")) {
      JsonFields byLayer = json.fields("pruned_heads");
      for (String key : byLayer.keys()) {
        int layer = index(key, layerCount).orElseThrow(() -> wrongLayer(key));
        List<Integer> heads = heads(byLayer, key);
        if (!heads.isEmpty()) {
          pruned.put(layer, heads);
        }
      }
    }
    return pruned;
  }

  private ContentException wrongLayer(String key) {
    return new ContentException(
        "%s: 'pruned_heads' names the layer '%s'; expected %s"
            .formatted(json.source(), key, JsonFields.range(0, layerCount - 1)));
  }

  private List<Integer> heads(JsonFields byLayer, String layer) {
    String expected = "an array of head indices from 0 to %d".formatted(attentionHeads - 1);
    long[] heads = byLayer.longs(layer, expected);
    for (long head : heads) {
      if (head < 0 || head >= attentionHeads) {
        throw byLayer.wrong(layer, expected, Arrays.toString(heads));
      }
    }
    return Arrays.stream(heads).sorted().distinct().mapToObj(head -> (int) head).toList();
  }

  private List<LayerGeometry> layers(Map<Integer, List<Integer>> prunedHeads) {
    return haveStatedLayers() ? statedLayers(prunedHeads) : derivedLayers(prunedHeads);
  }

  private boolean haveStatedLayers() {
    return json.has("bertology") && json.fields("bertology").has("layers");
  }

  private List<LayerGeometry> derivedLayers(Map<Integer, List<Integer>> prunedHeads) {
    return IntStream.range(0, layerCount)
        .mapToObj(layer -> prunedHeads.getOrDefault(layer, List.of()).size())
        .map(pruned -> new LayerGeometry(attentionHeads - pruned, headSize, intermediateSize))
        .toList();
  }

  private List<LayerGeometry> statedLayers(Map<Integer, List<Integer>> prunedHeads) {
    JsonFields bertology = json.fields("bertology");
    JsonArray stated = bertology.array("layers", "an array of layers");
    if (stated.size() != layerCount) {
      throw bertology.wrong(
          "layers",
          "as many as num_hidden_layers, %d".formatted(layerCount),
          "%d layers".formatted(stated.size()));
    }
    List<LayerGeometry> layers = new ArrayList<>();
    for (JsonElement element : stated) {
      LayerGeometry layer = statedLayer(entry(bertology, layers.size(), element));
      checkAgreement(layers.size(), layer, prunedHeads);
      layers.add(layer);
    }
    return layers;
  }

  private static JsonFields entry(JsonFields bertology, int index, JsonElement element) {
    if (!element.isJsonObject()) {
      throw bertology.wrong("layers", "an array of objects", element);
    }
    return new JsonFields(
        "%s 'layers' [%d]".formatted(bertology.source(), index), element.getAsJsonObject());
  }

  private LayerGeometry statedLayer(JsonFields fields) {
    return new LayerGeometry(
        fields.integer("heads", 0, attentionHeads),
        headSize,
        fields.integer("intermediate", 0, intermediateSize));
  }

  /** Called after the entries were checked. */
  private List<Integer> originalLayers() {
    if (!haveStatedLayers()) {
      return List.of();
    }
    JsonFields bertology = json.fields("bertology");
    JsonArray stated = bertology.array("layers", "an array of layers");
    boolean numbered = entry(bertology, 0, stated.get(0)).has("layer");
    List<Integer> numbers = new ArrayList<>();
    for (int index = 0; index < stated.size(); index++) {
      JsonFields fields = entry(bertology, index, stated.get(index));
      if (numbered) {
        int least = index == 0 ? 0 : numbers.get(index - 1) + 1;
        numbers.add(fields.integer("layer", least, MAXIMUM_LAYERS));
      } else if (fields.has("layer")) {
        throw fields.wrong("layer", "in all entries or in none", stated.get(index));
      }
    }
    return numbers;
  }

  private void checkAgreement(
      int index, LayerGeometry layer, Map<Integer, List<Integer>> prunedHeads) {
    List<Integer> pruned = prunedHeads.getOrDefault(index, List.of());
    if (!pruned.isEmpty() && attentionHeads - pruned.size() != layer.heads()) {
      throw new ContentException(
          "%s: 'pruned_heads' leaves %d heads in layer %d, 'bertology' states %d"
              .formatted(json.source(), attentionHeads - pruned.size(), index, layer.heads()));
    }
  }
}
