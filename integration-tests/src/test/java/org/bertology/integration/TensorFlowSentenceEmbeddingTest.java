package org.bertology.integration;

final class TensorFlowSentenceEmbeddingTest extends SentenceEmbeddingContract {
  TensorFlowSentenceEmbeddingTest() {
    super("tensorflow");
  }
}
