package org.bertology.api.model;

import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Value;

/** The first layer's input with BERT's parameter names. B batch, T sequence, W hidden width. */
record Embeddings(ModelBuilder model) {

  /** Words, token types and positions, added and normalised {@code [B, T, W]}. */
  Value summed(Scope s) {
    return summed(s, model.config().hiddenSize());
  }

  /** The same of another width. */
  Value summed(Scope s, int width) {
    TransformerConfig config = model.config();
    Value words =
        table(s.in("word_embeddings"), ModelInputs.INPUT_IDS, config.vocabularySize(), width);
    Value types =
        table(
            s.in("token_type_embeddings"), ModelInputs.TOKEN_TYPE_IDS, config.tokenTypes(), width);
    Value sum = words.add(types).add(model.inputs().positions(s.in("position_embeddings"), width));
    return s.in("LayerNorm").layerNorm(sum);
  }

  /** The rows of a table at an input {@code [B, T]}. */
  Value table(Scope s, String input, int rows, int width) {
    return s.embedding(
        model.graph().input(input, ElementType.INT, ModelInputs.TOKENS), rows, width);
  }
}
