package org.bertology.integration;

final class TensorFlowPrunedModelTest extends PrunedModelContract {
  TensorFlowPrunedModelTest() {
    super("tensorflow");
  }
}
