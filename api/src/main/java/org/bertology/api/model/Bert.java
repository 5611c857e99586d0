package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** BERT (Devlin et al., 2019) with the parameter names of Hugging Face's checkpoints. */
public final class Bert {
  /** One entry per token of a batch. */
  static final Shape TOKENS = Shape.of("batch", "sequence");

  private final TransformerConfig config;
  private final GraphBuilder graph;
  private final EncoderInputs inputs;
  private final Layers layers;
  private final Scope root;

  private Bert(
      TransformerConfig config, GraphBuilder graph, EncoderInputs inputs, Set<Mask> masks) {
    this.config = config;
    this.graph = graph;
    this.inputs = inputs;
    this.layers = new Layers(config, inputs, masks);
    this.root = new Scope(graph, "");
  }

  /**
   * The graph of all values named in {@link Hooks}; {@link ModelInputs} makes its inputs.
   *
   * @param masks the kinds of masks that become inputs
   * @throws IllegalArgumentException if the task is regression and there is not exactly one label
   */
  public static Graph graph(TransformerConfig config, Task task, Set<Mask> masks) {
    GraphBuilder graph = new GraphBuilder();
    return new Bert(config, graph, new PreparedInputs(graph, config), masks).build(task);
  }

  /** The same values from the inputs of {@link PlainModel}. */
  static Graph plain(TransformerConfig config, Task task, Set<Mask> masks) {
    GraphBuilder graph = new GraphBuilder();
    return new Bert(config, graph, new PlainInputs(graph, config), masks).build(task);
  }

  private Graph build(Task task) {
    head(task, encoder());
    return graph.build();
  }

  private Value encoder() {
    Scope embeddings = root.in("bert.embeddings");
    Value x =
        embedding(embeddings, "word", ModelInputs.INPUT_IDS, config.vocabularySize())
            .add(
                embedding(
                    embeddings, "token_type", ModelInputs.TOKEN_TYPE_IDS, config.tokenTypes()))
            .add(inputs.positions(embeddings.in("position_embeddings")));
    Value embedded = embeddings.in("LayerNorm").layerNorm(x, config.layerNormEpsilon());
    return layers.encoder(
        root.in("bert.encoder.layer"), embedded.named(Hooks.EMBEDDINGS), inputs.attentionBias());
  }

  private Value embedding(Scope s, String kind, String input, int rows) {
    Value ids = graph.input(input, ElementType.INT, TOKENS);
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
