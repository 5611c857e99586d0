package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Pooling;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;
import org.bertology.core.family.ConfigKeys;
import org.bertology.core.family.FamilyFormat;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * The {@code config.json} of a Hugging Face model: the geometry of the checkpoint beside it.
 *
 * <p>Of BERT are read {@code model_type}, {@code vocab_size}, {@code hidden_size}, {@code
 * num_hidden_layers}, {@code num_attention_heads}, {@code intermediate_size} and {@code
 * max_position_embeddings}, which must be there, and these with the library's defaults: {@code
 * architectures} (none), {@code head_dim} (hidden size / heads), {@code type_vocab_size} (2),
 * {@code layer_norm_eps} (1e-12), {@code hidden_act} (gelu), {@code id2label} or {@code num_labels}
 * (LABEL_0, LABEL_1), {@code problem_type} (unspecified), {@code pad_token_id} (0), {@code
 * tie_word_embeddings} (true), {@code pruned_heads} (none), {@code position_embedding_type}
 * (absolute, and nothing else is accepted). Other families have other {@linkplain ConfigKeys keys}
 * for the same.
 *
 * <p>A model that is pruned further than these keys can express (layers without heads or neurons,
 * layers of different width, layers that are gone) describes each layer under a key of our own:
 *
 * <pre>{@code
 * "bertology": { "layers": [ { "layer": 0, "heads": 3, "intermediate": 1536 },
 *                            { "layer": 2, "heads": 0, "intermediate": 700 } ] }
 * }</pre>
 *
 * <p>There is one entry per layer. {@code heads} and {@code intermediate} go from 0 to the unpruned
 * number, which the other keys keep. Where {@code pruned_heads} names a layer too, it must leave as
 * many heads. {@code "layer"} is the layer's number before any was taken away; all entries have it
 * or none.
 *
 * <p>Beside {@code "layers"}, {@code "attention"} names the {@linkplain AttentionPattern#text
 * pattern} of a model whose tokens see others than is usual in its family, and {@code "pooling"}
 * the {@linkplain Pooling#text pooling} of an encoder for sentence embedding.
 *
 * @param format the family, and how its files describe it
 * @param architectures class names such as {@code BertForMaskedLM}
 * @param transformer what determines the model's graph
 * @param attentionHeads heads per layer before pruning
 * @param intermediateSize neurons per feed-forward layer before pruning
 * @param labels names of the logits, by index
 * @param prunedHeads by layer, ascending: original indices of the heads that are gone, ascending
 * @param originalLayers by layer, ascending: its number before layers were taken away; empty if
 *     none was, or if it is not known
 */
public record ModelConfig(
    FamilyFormat format,
    List<String> architectures,
    TransformerConfig transformer,
    int attentionHeads,
    int intermediateSize,
    List<String> labels,
    ProblemType problemType,
    int paddingId,
    Map<Integer, List<Integer>> prunedHeads,
    List<Integer> originalLayers) {

  public ModelConfig {
    architectures = List.copyOf(architectures);
    labels = List.copyOf(labels);
    TreeMap<Integer, List<Integer>> sorted = new TreeMap<>(prunedHeads);
    sorted.replaceAll((layer, heads) -> List.copyOf(heads));
    prunedHeads = Collections.unmodifiableMap(sorted);
    originalLayers = List.copyOf(originalLayers);
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws ContentException if the file is missing, is not a JSON object, lacks a key, or has a
   *     value that is wrong or not supported
   */
  public static ModelConfig read(Path file) {
    return of(StrictJson.read(file));
  }

  /**
   * The configuration that the keys of a {@code config.json} state.
   *
   * @throws ContentException as {@link #read} does
   */
  public static ModelConfig of(JsonFields json) {
    return new ModelConfigReader(json).read();
  }

  /** The family as {@code model_type} says it, such as {@code bert}. */
  public String modelType() {
    return format.modelType();
  }

  /** What each layer has after pruning. */
  public List<LayerGeometry> layers() {
    return transformer.layers();
  }

  /** Whether some layer has fewer heads or neurons than the architecture gave it, or is gone. */
  public boolean isPruned() {
    return !originalLayers.isEmpty()
        || layers().stream().anyMatch(layer -> !layer.equals(whole(layer)));
  }

  private LayerGeometry whole(LayerGeometry layer) {
    return layer.with(attentionHeads, wholeNeurons(layer));
  }

  /** How many neurons a layer had before pruning. */
  int wholeNeurons(LayerGeometry layer) {
    return layer.stack() == Stack.CROSS ? 0 : intermediateSize;
  }

  /**
   * The original indices of the heads that a layer has, ascending; empty if the configuration does
   * not tell them.
   */
  public Optional<List<Integer>> heads(int layer) {
    List<Integer> pruned = prunedHeads.getOrDefault(layer, List.of());
    List<Integer> left =
        IntStream.range(0, attentionHeads).boxed().filter(head -> !pruned.contains(head)).toList();
    int heads = layers().get(layer).heads();
    if (heads == 0) {
      return Optional.of(List.of());
    }
    return left.size() == heads ? Optional.of(left) : Optional.empty();
  }

  /** The number that a layer had before any was taken away, as far as that is known. */
  public int originalLayer(int layer) {
    return originalLayers.isEmpty() ? layer : originalLayers.get(layer);
  }

  /**
   * The same model pruned further. Where all layers have the same number of neurons and at least
   * one, it is {@link #intermediateSize}.
   *
   * @param heads by layer: original indices of the heads that are gone
   * @param changed what determines the graph now
   * @param original by layer: its number before layers were taken away; empty if none was
   */
  public ModelConfig pruned(
      Map<Integer, List<Integer>> heads, TransformerConfig changed, List<Integer> original) {
    Set<Integer> widths =
        changed.layers().stream()
            .filter(layer -> layer.stack() != Stack.CROSS)
            .map(LayerGeometry::intermediateSize)
            .collect(Collectors.toSet());
    int only = widths.size() == 1 ? widths.iterator().next() : 0;
    return new ModelConfig(
        format,
        architectures,
        changed,
        attentionHeads,
        only > 0 ? only : intermediateSize,
        labels,
        problemType,
        paddingId,
        heads,
        original);
  }

  /** The same where other tokens are seen. */
  public ModelConfig withAttention(AttentionPattern attention) {
    return with(transformer.withAttention(attention));
  }

  /** The same for sentence embedding. */
  public ModelConfig withPooling(Pooling pooling) {
    return with(transformer.withPooling(pooling));
  }

  /** The same with this pooling, unless it has one. */
  ModelConfig orPooling(Pooling pooling) {
    return transformer.pooling().isPresent() ? this : withPooling(pooling);
  }

  /** The same where something else determines the graph. */
  public ModelConfig with(TransformerConfig changed) {
    return new ModelConfig(
        format,
        architectures,
        changed,
        attentionHeads,
        intermediateSize,
        labels,
        problemType,
        paddingId,
        prunedHeads,
        originalLayers);
  }
}
