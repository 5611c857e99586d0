package org.bertology.cli;

/** How much is said beside the result. */
enum Verbosity {
  /** Nothing but errors. */
  QUIET,
  /** Warnings, and progress on a terminal. */
  NORMAL,
  /** The log, stack traces, and rankings in full. */
  VERBOSE
}
