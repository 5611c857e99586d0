package org.bertology.cli;

/** What the process tells its caller. */
final class ExitCode {
  static final int OK = 0;

  /** Anything that has no code of its own. */
  static final int FAILURE = 1;

  /** The command line is wrong, a path on it that does not exist included. */
  static final int USAGE = 2;

  /** A capability or engine is missing. */
  static final int UNSUPPORTED = 3;

  /** A check failed: what should be equal differs by more than it may. */
  static final int CHECK_FAILED = 4;

  /** The content of a model or data file is wrong. */
  static final int CONTENT = 5;

  /** Interrupted, as shells report SIGINT. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
