package org.bertology.djl;

import java.util.List;

/**
 * A graph as the source text of a TorchScript module that has its parameters. Its method {@code
 * forward} takes the inputs under their names and returns the outputs by name.
 *
 * @param parameters the names of the module's fields, which are those of the graph's parameters
 */
record ScriptFile(String source, List<String> parameters) {
  ScriptFile {
    parameters = List.copyOf(parameters);
  }
}
