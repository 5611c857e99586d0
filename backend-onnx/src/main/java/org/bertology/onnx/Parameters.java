package org.bertology.onnx;

import org.bertology.onnx.OnnxProto.ElementCode;

/** Where a model has the numbers of its parameters. */
@FunctionalInterface
interface Parameters {
  /**
   * The initializer of a parameter.
   *
   * @param tensor its name in the model
   * @param parameter its name among the weights
   */
  WireMessage initializer(String tensor, ElementCode type, long[] extents, String parameter);
}
