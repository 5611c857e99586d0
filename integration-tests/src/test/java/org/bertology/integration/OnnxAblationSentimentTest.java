package org.bertology.integration;

final class OnnxAblationSentimentTest extends MiniLmSentimentAblation {
  OnnxAblationSentimentTest() {
    super("onnx", EVERY_HEAD);
  }
}
