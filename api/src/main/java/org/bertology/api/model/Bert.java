package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** BERT (Devlin et al., 2019) with the parameter names of Hugging Face's checkpoints. */
public final class Bert {
  private static final String BATCH = "batch";
  private static final String SEQUENCE = "sequence";

  private final TransformerConfig config;
  private final Layers layers;
  private final GraphBuilder graph = new GraphBuilder();
  private final Scope root = new Scope(graph, "");

  private Bert(TransformerConfig config, Set<Mask> masks) {
    this.config = config;
    this.layers = new Layers(config, masks);
  }

  /**
   * The graph of all values named in {@link Hooks}; {@link ModelInputs} makes its inputs.
   *
   * @param masks the kinds of masks that become inputs
   * @throws IllegalArgumentException if the task is regression and there is not exactly one label
   */
  public static Graph graph(TransformerConfig config, Task task, Set<Mask> masks) {
    Bert bert = new Bert(config, masks);
    bert.head(task, bert.encoder());
    return bert.graph.build();
  }

  private Value encoder() {
    Scope embeddings = root.in("bert.embeddings");
    Shape tokens = Shape.of(BATCH, SEQUENCE);
    Value x =
        embedding(embeddings, "word", ModelInputs.INPUT_IDS, config.vocabularySize(), tokens)
            .add(
                embedding(
                    embeddings,
                    "token_type",
                    ModelInputs.TOKEN_TYPE_IDS,
                    config.tokenTypes(),
                    tokens))
            .add(
                embedding(
                    embeddings,
                    "position",
                    ModelInputs.POSITION_IDS,
                    config.maxPositions(),
                    tokens));
    Value embedded = embeddings.in("LayerNorm").layerNorm(x, config.layerNormEpsilon());
    Value bias =
        graph.input(ModelInputs.ATTENTION_BIAS, ElementType.FLOAT, Shape.of(BATCH, 1, 1, SEQUENCE));
    return layers.encoder(root.in("bert.encoder.layer"), embedded.named(Hooks.EMBEDDINGS), bias);
  }

  private Value embedding(Scope s, String kind, String input, int rows, Shape tokens) {
    Value ids = graph.input(input, ElementType.INT, tokens);
    return s.in(kind + "_embeddings").embedding(ids, rows, config.hiddenSize());
  }

  private void head(Task task, Value states) {
    switch (task) {
      case SEQUENCE_CLASSIFICATION -> loss(Layers.crossEntropy(classified(pooled(states))));
      case REGRESSION -> loss(Layers.squaredError(regression(states)));
      case TOKEN_CLASSIFICATION -> loss(Layers.tokenCrossEntropy(classified(states)));
      case MASKED_LM -> loss(Layers.tokenCrossEntropy(words(states)));
      case ENCODER -> pooled(states);
    }
  }

  private static void loss(Value losses) {
    losses.named(Hooks.LOSS);
  }

  /** The first token's state, mapped and squashed {@code [B, W]}. */
  private Value pooled(Value states) {
    Value first = states.slice(1, 0).squeeze(1);
    Scope dense = root.in("bert.pooler.dense");
    return dense.linear(first, config.hiddenSize()).tanh().named(Hooks.POOLED);
  }

  private Value classified(Value states) {
    return root.in("classifier").linear(states, config.labels()).named(Hooks.LOGITS);
  }

  private Value regression(Value states) {
    if (config.labels() != 1) {
      throw new IllegalArgumentException(
          "regression has 1 output, this model has %d labels".formatted(config.labels()));
    }
    return classified(pooled(states));
  }

  /** The decoder shares its weight with the word embeddings. */
  private Value words(Value states) {
    Scope predictions = root.in("cls.predictions");
    Value dense = predictions.in("transform.dense").linear(states, config.hiddenSize());
    Value normed =
        predictions
            .in("transform.LayerNorm")
            .layerNorm(config.activation().of(dense), config.layerNormEpsilon());
    Value decoder =
        root.in("bert.embeddings.word_embeddings")
            .parameter("weight", config.vocabularySize(), config.hiddenSize());
    Value bias = predictions.parameter("bias", config.vocabularySize());
    return normed.linear(decoder, bias).named(Hooks.LOGITS);
  }
}
