package org.bertology.integration;

final class OnnxPrunedModelTest extends PrunedModelContract {
  OnnxPrunedModelTest() {
    super("onnx");
  }
}
