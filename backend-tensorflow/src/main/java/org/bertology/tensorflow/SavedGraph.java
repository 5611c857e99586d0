package org.bertology.tensorflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/**
 * A graph as it goes into a SavedModel.
 *
 * @param inputs the placeholders, by the names of inputs
 * @param outputs the tensors that hold the outputs' values, by name, none of them twice
 * @param variables one for each parameter
 */
record SavedGraph(
    Map<String, Output<?>> inputs, Map<String, Output<?>> outputs, List<SavedVariable> variables) {
  /** A parameter's variable and the tensor that holds its value when it is read. */
  record SavedVariable(String parameter, Output<?> handle, Output<?> read) {}

  SavedGraph {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    variables = List.copyOf(variables);
  }
}
