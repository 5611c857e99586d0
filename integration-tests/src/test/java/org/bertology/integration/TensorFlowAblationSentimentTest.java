package org.bertology.integration;

final class TensorFlowAblationSentimentTest extends MiniLmSentimentAblation {
  TensorFlowAblationSentimentTest() {
    super("tensorflow", ONE_OF_EACH_LAYER);
  }
}
