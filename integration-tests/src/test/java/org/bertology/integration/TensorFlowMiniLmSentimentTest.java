package org.bertology.integration;

import java.io.IOException;

final class TensorFlowMiniLmSentimentTest extends MiniLmSentimentContract {
  TensorFlowMiniLmSentimentTest() throws IOException {
    super("tensorflow");
  }
}
