package org.bertology.integration;

final class DjlAblationSentimentTest extends MiniLmSentimentAblation {
  DjlAblationSentimentTest() {
    super("djl", ONE_OF_EACH_LAYER);
  }
}
