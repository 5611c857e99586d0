package org.bertology.integration;

import java.io.IOException;

final class TensorFlowMiniLmSst2Test extends MiniLmSst2Contract {
  TensorFlowMiniLmSst2Test() throws IOException {
    super("tensorflow");
  }
}
