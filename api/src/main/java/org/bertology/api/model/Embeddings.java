package org.bertology.api.model;

import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Value;

/** The first layer's input with BERT's parameter names. B batch, T sequence, W hidden width. */
record Embeddings(ModelBuilder model) {

  /** Words, positions and token types, if there are any, added and normalised {@code [B, T, W]}. */
  Value summed(Scope s) {
    return summed(s, model.config().hiddenSize());
  }

  /** The same of another width. */
  Value summed(Scope s, int width) {
    Value positions = model.inputs().positions(s.in("position_embeddings"), width);
    return s.in("LayerNorm").layerNorm(typedWords(s, width).add(positions));
  }

  /** Words and token types, if there are any, added {@code [B, T, W]}. */
  Value typedWords(Scope s, int width) {
    TransformerConfig config = model.config();
    Value words =
        table(s.in("word_embeddings"), ModelInputs.INPUT_IDS, config.vocabularySize(), width);
    if (config.tokenTypes() == 0) {
      return words;
    }
    Scope types = s.in("token_type_embeddings");
    return words.add(table(types, ModelInputs.TOKEN_TYPE_IDS, config.tokenTypes(), width));
  }

  /** The rows of a table at an input {@code [B, T]}. */
  Value table(Scope s, String input, int rows, int width) {
    return s.embedding(
        model.graph().input(input, ElementType.INT, ModelInputs.TOKENS), rows, width);
  }
}
