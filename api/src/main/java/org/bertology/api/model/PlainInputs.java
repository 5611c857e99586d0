package org.bertology.api.model;

import java.util.OptionalInt;
import java.util.function.IntBinaryOperator;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;

/**
 * What tokenizers give and nothing else: positions and the attention bias are computed inside the
 * graph. Each input is a hook of its own name, so that it is there even if nothing depends on it.
 */
final class PlainInputs implements EncoderInputs {
  /** FLOAT {@code [positions]}: 0, 1, 2 and so on. */
  private static final String POSITIONS = "bertology.positions";

  private static final Dim SEQUENCE = ModelInputs.TOKENS.dim(1);

  private final ModelBuilder model;
  private final GraphBuilder graph;
  private final TransformerConfig config;

  PlainInputs(ModelBuilder model) {
    this.model = model;
    this.graph = model.graph();
    this.config = model.config();
    tokens(ModelInputs.INPUT_IDS);
    tokens(PlainModel.ATTENTION_MASK);
    if (config.tokenTypes() > 0) {
      tokens(ModelInputs.TOKEN_TYPE_IDS);
    }
    if (config.count(Stack.DECODER) > 0) {
      targetTokens(ModelInputs.DECODER_INPUT_IDS);
      targetTokens(PlainModel.DECODER_ATTENTION_MASK);
    }
  }

  private Value tokens(String name) {
    return graph.input(name, ElementType.INT, ModelInputs.TOKENS).named(name);
  }

  private Value targetTokens(String name) {
    return graph.input(name, ElementType.INT, ModelInputs.TARGET_TOKENS).named(name);
  }

  @Override
  public Value positions(Scope embeddings, int width) {
    Value table = embeddings.parameter("weight", PreparedInputs.rows(config), width);
    Value counted = table.slice(0, config.family().firstPosition(), SEQUENCE);
    OptionalInt padding = config.family().positionOfPadding();
    if (padding.isEmpty()) {
      return counted;
    }
    Value real = graph.scalar(0).lessThan(mask()).reshape(ModelInputs.TOKENS.append(1));
    return real.where(counted, table.slice(0, padding.getAsInt(), Dim.ONE));
  }

  /** Exactly what {@link ModelInputs} makes of tokens, padding and the pattern. */
  @Override
  public Value attentionBias() {
    Value padding = perKey(hiddenWhereZero(mask()));
    return config.attention().isPerQuery() ? padding.minimum(future()) : padding;
  }

  /** (mask − 1) · 10 000. */
  private static Value hiddenWhereZero(Value mask) {
    return mask.add(-1).mul(-ModelInputs.HIDDEN);
  }

  /** {@code [B, T (key)]} with axes for heads and queries. */
  private static Value perKey(Value keys) {
    return keys.reshape(Shape.of(keys.dim(0), 1, 1, keys.dim(1)));
  }

  /** What hides tokens to the right {@code [1 or B, 1, T (query), T (key)]}. */
  private Value future() {
    Value query = positions().reshape(Shape.of(1, 1, SEQUENCE, 1));
    Value key = positions().reshape(Shape.of(1, 1, 1, SEQUENCE));
    AttentionPattern attention = config.attention();
    return switch (attention.kind()) {
      case FULL, LEFT_TO_RIGHT -> hiddenAfter(query, key);
      case PREFIX -> hiddenAfter(query.maximum(graph.scalar(attention.tokens() - 1)), key);
      case SEQUENCE_TO_SEQUENCE -> {
        Value types = tokens(ModelInputs.TOKEN_TYPE_IDS).cast(ElementType.FLOAT);
        yield hiddenAfter(query, key).mul(perKey(types.minimum(graph.scalar(1))));
      }
    };
  }

  private Value hiddenAfter(Value last, Value key) {
    return last.lessThan(key).where(graph.scalar(ModelInputs.HIDDEN), graph.scalar(0));
  }

  @Override
  public Value decoderBias() {
    Value mask = targetTokens(PlainModel.DECODER_ATTENTION_MASK).cast(ElementType.FLOAT);
    Dim target = ModelInputs.TARGET_TOKENS.dim(1);
    Value query = numbers(target).reshape(Shape.of(1, 1, target, 1));
    Value key = numbers(target).reshape(Shape.of(1, 1, 1, target));
    return perKey(hiddenWhereZero(mask)).minimum(hiddenAfter(query, key));
  }

  @Override
  public Value pairs(String name, Dim tokens, IntBinaryOperator number) {
    int longest = config.maxPositions();
    float[] numbers = new float[longest * longest];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number.applyAsInt(i / longest, i % longest);
    }
    return model
        .constant("bertology." + name, Tensor.of(numbers, longest, longest))
        .slice(0, 0, tokens)
        .slice(1, 0, tokens)
        .cast(ElementType.INT);
  }

  private Value mask() {
    return tokens(PlainModel.ATTENTION_MASK).cast(ElementType.FLOAT);
  }

  @Override
  public Value distances(int farthest) {
    Value query = positions().reshape(Shape.of(SEQUENCE, 1));
    Value key = positions().reshape(Shape.of(1, SEQUENCE));
    Value distance = key.sub(query).minimum(graph.scalar(farthest));
    return distance.maximum(graph.scalar(-farthest)).add(farthest).cast(ElementType.INT);
  }

  private Value positions() {
    return numbers(SEQUENCE);
  }

  /** 0, 1, 2 and so on {@code [T]}. */
  private Value numbers(Dim tokens) {
    float[] numbers = new float[config.maxPositions()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return model.constant(POSITIONS, Tensor.of(numbers, numbers.length)).slice(0, 0, tokens);
  }

  @Override
  public Value lastTokens() {
    Value position = positions().reshape(Shape.of(1, SEQUENCE));
    return position.equalTo(mask().sum(1).add(-1)).cast(ElementType.FLOAT);
  }

  /** One text in a row. */
  @Override
  public Value sentences(Pooling pooling) {
    Value weights =
        switch (pooling) {
          case MEAN -> mask().div(mask().sum(1));
          case CLS -> mask().mul(positions().equalTo(graph.scalar(0)).cast(ElementType.FLOAT));
          case MAX -> hiddenWhereZero(mask());
        };
    return weights.reshape(Shape.of(ModelInputs.TOKENS.dim(0), 1, SEQUENCE));
  }

  /** A row of one mask for all layers {@code [layers, heads]}, the same for every example. */
  @Override
  public Value mask(Mask kind, int layer, Shape factors, Shape expanded) {
    if (kind != Mask.HEADS) {
      throw new IllegalArgumentException(
          "a model with plain inputs takes a mask of heads only, not of %s".formatted(kind));
    }
    Shape all = Shape.of(config.layers().size(), config.maxHeads());
    Value row =
        graph
            .input(PlainModel.HEAD_MASK, ElementType.FLOAT, all)
            .named(PlainModel.HEAD_MASK)
            .slice(0, layer)
            .slice(1, 0, factors.dim(1));
    return row.reshape(expanded.with(0, Dim.ONE));
  }
}
