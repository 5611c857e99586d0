package org.bertology.integration;

import java.io.IOException;

final class OnnxMiniLmSst2Test extends MiniLmSst2Contract {
  OnnxMiniLmSst2Test() throws IOException {
    super("onnx");
  }
}
