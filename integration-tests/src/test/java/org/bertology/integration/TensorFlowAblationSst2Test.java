package org.bertology.integration;

final class TensorFlowAblationSst2Test extends MiniLmSst2Ablation {
  TensorFlowAblationSst2Test() {
    super("tensorflow", ONE_OF_EACH_LAYER);
  }
}
