package org.bertology.api.model;

import java.util.function.IntBinaryOperator;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** What {@link ModelInputs} computes in Java, so that every engine gets the same numbers. */
final class PreparedInputs implements EncoderInputs {
  private final GraphBuilder graph;
  private final TransformerConfig config;

  PreparedInputs(ModelBuilder model) {
    this.graph = model.graph();
    this.config = model.config();
  }

  @Override
  public Value positions(Scope embeddings, int width) {
    Value ids = graph.input(ModelInputs.POSITION_IDS, ElementType.INT, ModelInputs.TOKENS);
    return embeddings.embedding(ids, rows(config), width);
  }

  /** Rows of a table of positions. */
  static int rows(TransformerConfig config) {
    return config.maxPositions() + config.family().firstPosition();
  }

  @Override
  public Value attentionBias() {
    Dim batch = ModelInputs.TOKENS.dim(0);
    Dim key = ModelInputs.TOKENS.dim(1);
    Dim query = config.isAttentionPerQuery() ? key : Dim.ONE;
    Shape shape = Shape.of(batch, 1, query, key);
    return graph.input(ModelInputs.ATTENTION_BIAS, ElementType.FLOAT, shape);
  }

  @Override
  public Value decoderBias() {
    Dim target = ModelInputs.TARGET_TOKENS.dim(1);
    Shape shape = Shape.of(ModelInputs.TARGET_TOKENS.dim(0), 1, target, target);
    return graph.input(ModelInputs.DECODER_BIAS, ElementType.FLOAT, shape);
  }

  @Override
  public Value pairs(String name, Dim tokens, IntBinaryOperator number) {
    return graph.input(name, ElementType.INT, Shape.of(tokens, tokens));
  }

  @Override
  public Value lastTokens() {
    return graph.input(ModelInputs.LAST_TOKENS, ElementType.FLOAT, ModelInputs.TOKENS);
  }

  @Override
  public Value sentences(Pooling pooling) {
    Shape shape = Shape.of(ModelInputs.TOKENS.dim(0), 2, ModelInputs.TOKENS.dim(1));
    return graph.input(ModelInputs.SENTENCES, ElementType.FLOAT, shape);
  }

  @Override
  public Value distances(int farthest) {
    Dim sequence = ModelInputs.TOKENS.dim(1);
    return graph.input(ModelInputs.DISTANCES, ElementType.INT, Shape.of(sequence, sequence));
  }

  @Override
  public Value mask(Mask kind, int layer, Shape factors, Shape expanded) {
    return graph.input(kind.input(layer), ElementType.FLOAT, factors).reshape(expanded);
  }
}
