package org.bertology.api.model;

/** What a model is for: which head it has, and what its loss is. */
public enum Task {
  /** One label per sequence; cross entropy. */
  SEQUENCE_CLASSIFICATION,
  /** One number per sequence; squared error. */
  REGRESSION,
  /** One label per token; mean cross entropy over the labelled tokens of an example. */
  TOKEN_CLASSIFICATION,
  /** The hidden words; mean cross entropy over the labelled tokens of an example. */
  MASKED_LM,
  /**
   * The words that come next; mean cross entropy over the labelled tokens of an example, of which
   * each is labelled with the one after it.
   */
  CAUSAL_LM,
  /** The words of a target text; mean cross entropy over the labelled tokens of an example. */
  SEQ2SEQ_LM,
  /**
   * Which tokens were replaced, one number per token; mean binary cross entropy over the labelled
   * tokens of an example.
   */
  REPLACED_TOKEN_DETECTION,
  /**
   * An embedding of each of two texts; squared error of the cosine between them as their
   * similarity.
   */
  SENTENCE_EMBEDDING,
  /** Hidden states and the pooled first token; no loss. */
  ENCODER
}
