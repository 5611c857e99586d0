package org.bertology.cli;

import java.util.Optional;

/** What engines log as warnings, read from what their processes print. */
final class EngineWarnings {
  private static final String MARK = "bertology: warning: ";

  private EngineWarnings() {}

  /** The warning on a line, if it is one. */
  static Optional<String> in(String line) {
    return line.startsWith(MARK) ? Optional.of(line.substring(MARK.length())) : Optional.empty();
  }
}
