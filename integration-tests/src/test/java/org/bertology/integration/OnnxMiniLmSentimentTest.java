package org.bertology.integration;

import java.io.IOException;

final class OnnxMiniLmSentimentTest extends MiniLmSentimentContract {
  OnnxMiniLmSentimentTest() throws IOException {
    super("onnx");
  }
}
