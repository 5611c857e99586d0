package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** What {@link ModelInputs} computes in Java, so that every engine gets the same numbers. */
final class PreparedInputs implements EncoderInputs {
  private final GraphBuilder graph;
  private final TransformerConfig config;

  PreparedInputs(GraphBuilder graph, TransformerConfig config) {
    this.graph = graph;
    this.config = config;
  }

  @Override
  public Value positions(Scope embeddings) {
    Value ids = graph.input(ModelInputs.POSITION_IDS, ElementType.INT, Bert.TOKENS);
    return embeddings.embedding(ids, config.maxPositions(), config.hiddenSize());
  }

  @Override
  public Value attentionBias() {
    Dim batch = Bert.TOKENS.dim(0);
    Dim key = Bert.TOKENS.dim(1);
    return graph.input(ModelInputs.ATTENTION_BIAS, ElementType.FLOAT, Shape.of(batch, 1, 1, key));
  }

  @Override
  public Value mask(Mask kind, int layer, Shape factors, Shape expanded) {
    return graph.input(kind.input(layer), ElementType.FLOAT, factors).reshape(expanded);
  }
}
