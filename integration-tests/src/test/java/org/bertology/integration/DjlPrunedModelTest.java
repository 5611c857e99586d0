package org.bertology.integration;

final class DjlPrunedModelTest extends PrunedModelContract {
  DjlPrunedModelTest() {
    super("djl");
  }
}
