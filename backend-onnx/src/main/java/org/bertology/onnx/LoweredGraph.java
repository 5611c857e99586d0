package org.bertology.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph as an ONNX model.
 *
 * @param model the bytes of a {@code ModelProto}; names of inputs are those of the graph
 * @param nodes how many nodes the model has
 * @param outputs the names asked for, in that order, with the tensors that hold their values
 * @param external the initializers whose data the session must be given, with the parameters that
 *     they are
 */
record LoweredGraph(
    byte[] model, int nodes, Map<String, String> outputs, Map<String, String> external) {
  /** Where the model says external data is: an empty file, so that nobody reads it unnoticed. */
  static final String EXTERNAL_FILE = "empty";

  /** Up to this size the data of a parameter is part of the model. */
  static final int INLINE_BYTES = 4096;

  LoweredGraph {
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    external = Map.copyOf(external);
  }
}
