package org.bertology.djl;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bertology.api.backend.BackendException;

/** What PyTorch says, with what was being done and near which hook. */
final class DjlFailures {
  private static final Pattern LINE = Pattern.compile("line (\\d+)");
  private static final Pattern REASON = Pattern.compile("(?m)^\\w*Error: (.+)$");

  private DjlFailures() {}

  /**
   * The failure for an exception of the engine.
   *
   * @param action what was being done, such as {@code "run the graph"}
   * @param hooks the hooks of the script's lines
   */
  static BackendException failure(String action, List<String> hooks, RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    String place = hook(message, hooks).map(" at '%s'"::formatted).orElse("");
    return new BackendException(
        "djl could not %s%s: %s".formatted(action, place, reason(message)), cause);
  }

  private static Optional<String> hook(String message, List<String> hooks) {
    Matcher line = LINE.matcher(message);
    if (!line.find()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(line.group(1));
    return number >= 1 && number <= hooks.size()
        ? Optional.of(hooks.get(number - 1))
        : Optional.empty();
  }

  /** The last line that names an error; all of a message that has none. */
  private static String reason(String message) {
    Matcher reason = REASON.matcher(message);
    String last = message.strip();
    while (reason.find()) {
      last = reason.group(1);
    }
    return last;
  }
}
