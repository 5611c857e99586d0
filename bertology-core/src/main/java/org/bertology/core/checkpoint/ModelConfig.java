package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bertology.api.model.Activation;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;

/**
 * The {@code config.json} of a Hugging Face model: the geometry of the checkpoint beside it.
 *
 * <p>Read are {@code model_type}, {@code vocab_size}, {@code hidden_size}, {@code
 * num_hidden_layers}, {@code num_attention_heads}, {@code intermediate_size} and {@code
 * max_position_embeddings}, which must be there, and these with the library's defaults: {@code
 * architectures} (none), {@code head_dim} (hidden size / heads), {@code type_vocab_size} (2),
 * {@code layer_norm_eps} (1e-12), {@code hidden_act} (gelu), {@code id2label} or {@code num_labels}
 * (LABEL_0, LABEL_1), {@code problem_type} (unspecified), {@code pad_token_id} (0), {@code
 * tie_word_embeddings} (true), {@code pruned_heads} (none), {@code position_embedding_type}
 * (absolute, and nothing else is accepted).
 *
 * <p>A model that is pruned further than {@code pruned_heads} can express (layers without heads,
 * fewer neurons) describes each layer under a key of our own:
 *
 * <pre>{@code
 * "bertology": { "layers": [ { "heads": 3, "intermediate": 1536 },
 *                            { "heads": 0, "intermediate": 700 } ] }
 * }</pre>
 *
 * <p>There is one entry per layer, each with both numbers, from 0 to the unpruned number. The other
 * keys keep their unpruned values. Where {@code pruned_heads} names a layer too, it must leave as
 * many heads.
 *
 * @param modelType the family, such as {@code bert}
 * @param architectures class names such as {@code BertForMaskedLM}
 * @param attentionHeads heads per layer before pruning
 * @param headSize width of one head's query, key and value
 * @param intermediateSize neurons per feed-forward layer before pruning
 * @param maximumPositions longest sequence, in tokens
 * @param labels names of the logits, by index
 * @param tiedEmbeddings whether the language-model head uses the word embeddings as its weight
 * @param prunedHeads by layer, ascending: original indices of the heads that are gone, ascending
 * @param layers what each layer has after pruning
 */
public record ModelConfig(
    String modelType,
    List<String> architectures,
    int vocabularySize,
    int hiddenSize,
    int attentionHeads,
    int headSize,
    int intermediateSize,
    int maximumPositions,
    int typeVocabularySize,
    double layerNormEpsilon,
    Activation activation,
    List<String> labels,
    ProblemType problemType,
    int paddingId,
    boolean tiedEmbeddings,
    Map<Integer, List<Integer>> prunedHeads,
    List<LayerGeometry> layers) {

  public ModelConfig {
    architectures = List.copyOf(architectures);
    labels = List.copyOf(labels);
    TreeMap<Integer, List<Integer>> sorted = new TreeMap<>(prunedHeads);
    sorted.replaceAll((layer, heads) -> List.copyOf(heads));
    prunedHeads = Collections.unmodifiableMap(sorted);
    layers = List.copyOf(layers);
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws ContentException if the file is missing, is not a JSON object, lacks a key, or has a
   *     value that is wrong or not supported
   */
  public static ModelConfig read(Path file) {
    return new ModelConfigReader(file).read();
  }

  /** The part of this configuration that determines the model's graph. */
  public TransformerConfig transformer() {
    return new TransformerConfig(
        vocabularySize,
        hiddenSize,
        layers,
        maximumPositions,
        typeVocabularySize,
        layerNormEpsilon,
        activation,
        labels.size());
  }

  /** Whether some layer has fewer heads or neurons than the architecture gave it. */
  public boolean isPruned() {
    LayerGeometry full = new LayerGeometry(attentionHeads, headSize, intermediateSize);
    return layers.stream().anyMatch(layer -> !layer.equals(full));
  }
}
