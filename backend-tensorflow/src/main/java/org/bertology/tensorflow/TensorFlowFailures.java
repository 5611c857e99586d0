package org.bertology.tensorflow;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bertology.api.backend.BackendException;
import org.tensorflow.exceptions.TensorFlowException;

/** What TensorFlow says, with what was being done and near which hook. */
final class TensorFlowFailures {
  private static final Pattern NODE = Pattern.compile("\\{\\{node ([^}]+)}}");

  /** The engine's exceptions have no common type of their own: some are illegal arguments. */
  private static final String ENGINE = TensorFlowException.class.getPackageName();

  private TensorFlowFailures() {}

  /**
   * What to throw for an exception from a place where the engine is called: its own ones get the
   * context, others are right as they are.
   *
   * @param action what was being done, such as {@code "run the graph"}
   * @param hooks the nearest hook of each node, by the node's name
   */
  static RuntimeException translated(
      String action, Map<String, String> hooks, RuntimeException cause) {
    return isEngines(cause) ? failure(action, hooks, cause) : cause;
  }

  static boolean isEngines(RuntimeException exception) {
    return exception.getClass().getPackageName().equals(ENGINE);
  }

  private static BackendException failure(
      String action, Map<String, String> hooks, RuntimeException cause) {
    Matcher node = NODE.matcher(String.valueOf(cause.getMessage()));
    String hook = node.find() ? hooks.get(node.group(1)) : null;
    String place = hook == null ? "" : " at '" + hook + "'";
    return new BackendException(
        "tensorflow could not %s%s: %s".formatted(action, place, cause.getMessage()), cause);
  }
}
