package org.bertology.djl;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

/** A script inside PyTorch. */
final class TorchModule implements AutoCloseable {
  private final PtSymbolBlock block;

  TorchModule(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Runs the script on a thread of {@link TorchWorkers}. The caller closes the results.
   *
   * @param differentiates whether operations are recorded for gradients
   */
  NDList run(NDList arguments, boolean differentiates) {
    JniUtils.setGradMode(differentiates);
    try {
      return IValueUtils.forward(block, arguments, differentiates);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  @Override
  public void close() {
    block.close();
  }
}
