package org.bertology.integration;

final class DjlPruningStepsTest extends PruningStepsContract {
  DjlPruningStepsTest() {
    super("djl");
  }
}
