package org.bertology.cli;

import java.util.Optional;

/** What is being done right now, on a terminal; and what child processes have to say. */
final class StatusLine {
  private final Console console;
  private final Verbosity verbosity;

  StatusLine(Console console, Verbosity verbosity) {
    this.console = console;
    this.verbosity = verbosity;
  }

  private boolean isShown() {
    return console.terminal().err() && verbosity != Verbosity.QUIET;
  }

  void show(String text) {
    if (isShown()) {
      console.err().print(ProgressBar.ERASE_LINE + text + " ...");
      console.err().flush();
    }
  }

  void clear() {
    if (isShown()) {
      console.err().print(ProgressBar.ERASE_LINE);
    }
  }

  /** Warnings always, everything else that an engine's process prints with --verbose. */
  void passOn(String engine, String line) {
    Optional<String> warning = EngineWarnings.in(line);
    synchronized (console) {
      if (warning.isPresent()) {
        console.err().println("bertology: warning: %s: %s".formatted(engine, warning.get()));
      } else if (verbosity == Verbosity.VERBOSE) {
        console.err().println("%s: %s".formatted(engine, line));
      }
    }
  }
}
