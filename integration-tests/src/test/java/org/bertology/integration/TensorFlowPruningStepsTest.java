package org.bertology.integration;

final class TensorFlowPruningStepsTest extends PruningStepsContract {
  TensorFlowPruningStepsTest() {
    super("tensorflow");
  }
}
