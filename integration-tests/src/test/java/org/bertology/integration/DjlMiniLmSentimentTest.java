package org.bertology.integration;

import java.io.IOException;

final class DjlMiniLmSentimentTest extends MiniLmSentimentContract {
  DjlMiniLmSentimentTest() throws IOException {
    super("djl");
  }
}
