package org.bertology.core.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bertology.api.model.Activation;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Pooling;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;
import org.bertology.core.family.ConfigKeys;
import org.bertology.core.family.Families;
import org.bertology.core.family.FamilyFormat;
import org.bertology.core.json.JsonFields;

/** Reads and checks a {@code config.json}. */
final class ModelConfigReader {
  private static final int ANY = Integer.MAX_VALUE;

  private static final int MAXIMUM_LABELS = 1_000_000;

  private final JsonFields json;
  private final FamilyFormat format;
  private final ConfigKeys keys;
  private final int hiddenSize;
  private final Map<Stack, Integer> stacks;
  private final int layerCount;
  private final Family family;
  private final int attentionHeads;
  private final int headSize;
  private final int intermediateSize;

  ModelConfigReader(JsonFields json) {
    this.json = json;
    this.format = format();
    this.keys = format.keys();
    this.hiddenSize = json.integer(keys.hiddenSize(), 1, ANY);
    this.stacks = format.stacks(json);
    this.layerCount = stacks.values().stream().mapToInt(Integer::intValue).sum();
    this.family = format.family(json);
    this.attentionHeads = json.integer(keys.heads(), 1, ANY);
    this.headSize = headSize();
    this.intermediateSize = intermediateSize();
  }

  private FamilyFormat format() {
    String modelType = json.text("model_type");
    return Families.of(modelType)
        .orElseThrow(
            () ->
                new ContentException(
                    "%s: model_type '%s' is not a known family; known are %s; a checkpoint of one of them whose parameters have other names can be described in a mapping file, bertology-mapping.json"
                        .formatted(json.source(), modelType, Families.list())));
  }

  ModelConfig read() {
    Map<Integer, List<Integer>> prunedHeads = prunedHeads();
    List<LayerGeometry> layers = layers(prunedHeads);
    requireEqualSharers(layers);
    List<Integer> originalLayers = originalLayers();
    List<String> labels = labels();
    int vocabularySize = json.integer("vocab_size", 1, ANY);
    AttentionPattern attention = attention();
    TransformerConfig usual =
        new TransformerConfig(
            originalLayers.isEmpty() ? family : family.keeping(originalLayers),
            vocabularySize,
            hiddenSize,
            layers,
            format.maxPositions(json),
            format.tokenTypes(json),
            format.epsilon(json),
            activation(),
            labels.size(),
            json.flag("tie_word_embeddings", keys.usuallyTied()),
            format.attention(),
            Optional.empty());
    TransformerConfig transformer = checked(ours(), () -> pooled(usual.withAttention(attention)));
    return new ModelConfig(
        format,
        json.texts("architectures"),
        transformer,
        attentionHeads,
        intermediateSize,
        labels,
        problemType(),
        json.integer("pad_token_id", 0, vocabularySize - 1, keys.usualPaddingId()),
        prunedHeads,
        originalLayers);
  }

  private int headSize() {
    if (json.has(keys.headSize())) {
      return json.integer(keys.headSize(), 1, ANY);
    }
    if (hiddenSize % attentionHeads != 0) {
      throw new ContentException(
          "%s: %s %d is not a multiple of %s %d"
              .formatted(
                  json.source(), keys.hiddenSize(), hiddenSize, keys.heads(), attentionHeads));
    }
    return hiddenSize / attentionHeads;
  }

  private int intermediateSize() {
    boolean usual = keys.intermediateIsOptional() && !json.has(keys.intermediateSize());
    return usual
        ? Math.multiplyExact(4, hiddenSize)
        : json.integer(keys.intermediateSize(), 1, ANY);
  }

  private Activation activation() {
    String name = json.text(keys.activation(), keys.usualActivation());
    Activation activation = format.activations().get(name);
    if (activation == null) {
      throw new ContentException(
          "%s: %s '%s' is not supported; known are %s"
              .formatted(
                  json.source(),
                  keys.activation(),
                  name,
                  String.join(", ", new TreeSet<>(format.activations().keySet()))));
    }
    return activation;
  }

  private AttentionPattern attention() {
    JsonFields ours = ours();
    return ours.has("attention")
        ? checked(ours, () -> AttentionPattern.parse(ours.text("attention")))
        : format.attention();
  }

  private TransformerConfig pooled(TransformerConfig transformer) {
    JsonFields ours = ours();
    return ours.has("pooling")
        ? transformer.withPooling(Pooling.parse(ours.text("pooling")))
        : transformer;
  }

  /** What the file says, where that can be wrong in a way that the value itself knows. */
  private static <T> T checked(JsonFields fields, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ContentException("%s: %s".formatted(fields.source(), e.getMessage()));
    }
  }

  /** Our own keys. */
  private JsonFields ours() {
    return json.has("bertology")
        ? json.fields("bertology")
        : new JsonFields(json.source(), new JsonObject());
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
      JsonFields bySet = json.fields("pruned_heads");
      int sets = family.parameterSet(layerCount - 1) + 1;
      for (String key : bySet.keys()) {
        int set = index(key, sets).orElseThrow(() -> wrongLayer(key, sets));
        List<Integer> heads = heads(bySet, key);
        if (!heads.isEmpty()) {
          IntStream.range(0, layerCount)
              .filter(layer -> family.parameterSet(layer) == set)
              .forEach(layer -> pruned.put(layer, heads));
        }
      }
    }
    return pruned;
  }

  private ContentException wrongLayer(String key, int layers) {
    return new ContentException(
        "%s: 'pruned_heads' names the layer '%s'; expected %s"
            .formatted(json.source(), key, JsonFields.range(0, layers - 1)));
  }

  private void requireEqualSharers(List<LayerGeometry> layers) {
    for (int layer = 1; layer < layers.size(); layer++) {
      boolean sharers = family.parameterSet(layer) == family.parameterSet(layer - 1);
      if (sharers && !layers.get(layer).equals(layers.get(layer - 1))) {
        throw new ContentException(
            "%s: layers %d and %d share their parameters, but 'bertology' states other heads or neurons for the second"
                .formatted(json.source(), layer - 1, layer));
      }
    }
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
    return ours().has("layers");
  }

  private List<LayerGeometry> derivedLayers(Map<Integer, List<Integer>> prunedHeads) {
    List<LayerGeometry> layers = new ArrayList<>();
    for (LayerGeometry whole : wholeLayers()) {
      int pruned = prunedHeads.getOrDefault(layers.size(), List.of()).size();
      layers.add(whole.with(attentionHeads - pruned, whole.intermediateSize()));
    }
    return layers;
  }

  private List<LayerGeometry> wholeLayers() {
    List<LayerGeometry> layers = new ArrayList<>();
    for (Stack stack : Stack.values()) {
      int neurons = stack == Stack.CROSS ? 0 : intermediateSize;
      LayerGeometry layer = new LayerGeometry(stack, attentionHeads, headSize, neurons);
      layers.addAll(Collections.nCopies(stacks.getOrDefault(stack, 0), layer));
    }
    return layers;
  }

  private List<LayerGeometry> statedLayers(Map<Integer, List<Integer>> prunedHeads) {
    JsonFields bertology = ours();
    JsonArray stated = bertology.array("layers", "an array of layers");
    if (stated.size() != layerCount) {
      throw bertology.wrong(
          "layers",
          "as many as %s, %d".formatted(keys.layers(), layerCount),
          "%d layers".formatted(stated.size()));
    }
    List<LayerGeometry> layers = new ArrayList<>();
    List<LayerGeometry> whole = wholeLayers();
    for (JsonElement element : stated) {
      JsonFields fields = entry(bertology, layers.size(), element);
      LayerGeometry layer = statedLayer(fields, whole.get(layers.size()));
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

  private static LayerGeometry statedLayer(JsonFields fields, LayerGeometry whole) {
    return whole.with(
        fields.integer("heads", 0, whole.heads()),
        fields.integer("intermediate", 0, whole.intermediateSize()));
  }

  /** Called after the entries were checked. */
  private List<Integer> originalLayers() {
    if (!haveStatedLayers()) {
      return List.of();
    }
    JsonFields bertology = ours();
    JsonArray stated = bertology.array("layers", "an array of layers");
    boolean numbered = entry(bertology, 0, stated.get(0)).has("layer");
    List<Integer> numbers = new ArrayList<>();
    for (int index = 0; index < stated.size(); index++) {
      JsonFields fields = entry(bertology, index, stated.get(index));
      if (numbered) {
        int least = index == 0 ? 0 : numbers.get(index - 1) + 1;
        numbers.add(fields.integer("layer", least, ConfigKeys.MAXIMUM_LAYERS));
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
