package org.bertology.djl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph as the source text of a TorchScript module in serialized form. Its method {@code forward}
 * takes an empty tensor that nobody reads, the inputs, and the parameters as one list where there
 * are any; it returns a list.
 *
 * @param inputs the names of the inputs, in the order of the arguments
 * @param parameters the names of the parameters, in the order of their list
 * @param outputs the names asked for, in that order, each with its place in the result
 * @param hooks for each line of the source, counted from 1, the nearest hook
 * @param differentiates whether it computes gradients, for which the engine must keep a record
 */
record TorchScript(
    String source,
    List<String> inputs,
    List<String> parameters,
    Map<String, Integer> outputs,
    List<String> hooks,
    boolean differentiates) {

  TorchScript {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    hooks = List.copyOf(hooks);
  }
}
