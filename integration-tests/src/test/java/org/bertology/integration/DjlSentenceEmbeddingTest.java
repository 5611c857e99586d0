package org.bertology.integration;

final class DjlSentenceEmbeddingTest extends SentenceEmbeddingContract {
  DjlSentenceEmbeddingTest() {
    super("djl");
  }
}
