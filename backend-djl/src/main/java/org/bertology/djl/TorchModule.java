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
   * Runs the script. The caller closes the results.
   *
   * <p>Whether operations are recorded for gradients, and whether scripts are optimised, are
   * settings of the calling thread. Optimised scripts take twice the memory, and their first runs
   * differ in the last bits from later ones.
   *
   * @param differentiates whether operations are recorded for gradients
   */
  NDList run(NDList arguments, boolean differentiates) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(differentiates);
    JniUtils.setGraphExecutorOptimize(false);
    try {
      return IValueUtils.forward(block, arguments, differentiates);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  @Override
  public void close() {
    block.close();
  }
}
