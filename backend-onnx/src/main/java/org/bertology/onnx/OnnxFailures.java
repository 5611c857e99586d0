package org.bertology.onnx;

import ai.onnxruntime.OrtException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bertology.api.backend.BackendException;

/** What ONNX Runtime says, with what was being done and near which hook. */
final class OnnxFailures {
  private static final Pattern NODE_NAME = Pattern.compile("Name:'([^']+)/[^'/]+'");

  private OnnxFailures() {}

  /**
   * The failure for an exception of the engine.
   *
   * @param action what was being done, such as {@code "run the graph"}
   */
  static BackendException failure(String action, OrtException cause) {
    Matcher node = NODE_NAME.matcher(String.valueOf(cause.getMessage()));
    String place = node.find() ? " at '" + node.group(1) + "'" : "";
    return new BackendException(
        "onnx could not %s%s: %s".formatted(action, place, cause.getMessage()), cause);
  }
}
