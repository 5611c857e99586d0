package org.bertology.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/** A script inside PyTorch. */
final class TorchModule implements AutoCloseable {
  private static final String METHOD = "forward";

  private final PtSymbolBlock block;

  TorchModule(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Runs the script on a thread of {@link TorchWorkers}. The caller closes the results.
   *
   * @param owner takes the results too; the inputs are its own
   * @param parameters one argument of the script, if there are any
   * @param differentiates whether operations are recorded for gradients
   */
  NDList run(
      NDManager owner, List<NDArray> inputs, List<NDArray> parameters, boolean differentiates) {
    JniUtils.setGradMode(differentiates);
    try {
      return differentiates
          ? runRecorded(inputs, parameters)
          : runUnrecorded((PtNDManager) owner, inputs, parameters);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * By the only call of DJL's that records. It makes native references to its arguments, which are
   * there for ever if the run fails.
   */
  private NDList runRecorded(List<NDArray> inputs, List<NDArray> parameters) {
    NDList arguments = new NDList(inputs);
    arguments.addAll(parameters);
    return IValueUtils.forward(block, arguments, true);
  }

  private NDList runUnrecorded(PtNDManager owner, List<NDArray> inputs, List<NDArray> parameters) {
    List<IValue> arguments = new ArrayList<>();
    try {
      inputs.forEach(input -> arguments.add(IValue.from((PtNDArray) input)));
      if (!parameters.isEmpty()) {
        arguments.add(IValue.listFrom(parameters.toArray(PtNDArray[]::new)));
      }
      try (IValue results =
          IValueUtils.runMethod(block, METHOD, arguments.toArray(IValue[]::new))) {
        return results.toNDList(owner);
      }
    } finally {
      arguments.forEach(IValue::close);
    }
  }

  @Override
  public void close() {
    block.close();
  }
}
