package org.bertology.integration;

final class OnnxAblationSst2Test extends MiniLmSst2Ablation {
  OnnxAblationSst2Test() {
    super("onnx", EVERY_HEAD);
  }
}
