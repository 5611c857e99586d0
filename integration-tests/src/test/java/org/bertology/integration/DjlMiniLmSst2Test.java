package org.bertology.integration;

import java.io.IOException;

final class DjlMiniLmSst2Test extends MiniLmSst2Contract {
  DjlMiniLmSst2Test() throws IOException {
    super("djl");
  }
}
