package org.bertology.tensorflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/**
 * A graph as TensorFlow has it.
 *
 * @param inputs the placeholders, by the names of inputs
 * @param outputs the names asked for, in that order, with the tensors that hold their values
 * @param variables how each parameter gets its value, by the parameter's name
 * @param hooks the nearest hook of each node, by the node's name
 */
record LoweredGraph(
    Map<String, Output<?>> inputs,
    Map<String, Output<?>> outputs,
    Map<String, Variable> variables,
    Map<String, String> hooks) {
  /** A placeholder for a parameter's value, and the operation that assigns it. */
  record Variable(Output<?> value, Operation assign) {}

  LoweredGraph {
    inputs = Map.copyOf(inputs);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    variables = Map.copyOf(variables);
    hooks = Map.copyOf(hooks);
  }
}
