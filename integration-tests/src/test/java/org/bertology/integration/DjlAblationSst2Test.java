package org.bertology.integration;

final class DjlAblationSst2Test extends MiniLmSst2Ablation {
  DjlAblationSst2Test() {
    super("djl", ONE_OF_EACH_LAYER);
  }
}
