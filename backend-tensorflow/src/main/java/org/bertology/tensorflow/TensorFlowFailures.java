package org.bertology.tensorflow;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bertology.api.backend.BackendException;

/** What TensorFlow says, with what was being done and near which hook. */
final class TensorFlowFailures {
  private static final Pattern NODE = Pattern.compile("\\{\\{node ([^}]+)}}");

  private TensorFlowFailures() {}

  /**
   * The failure for an exception of the engine.
   *
   * @param action what was being done, such as {@code "run the graph"}
   * @param hooks the nearest hook of each node, by the node's name
   */
  static BackendException failure(
      String action, Map<String, String> hooks, RuntimeException cause) {
    Matcher node = NODE.matcher(String.valueOf(cause.getMessage()));
    String hook = node.find() ? hooks.get(node.group(1)) : null;
    String place = hook == null ? "" : " at '" + hook + "'";
    return new BackendException(
        "tensorflow could not %s%s: %s".formatted(action, place, cause.getMessage()), cause);
  }
}
