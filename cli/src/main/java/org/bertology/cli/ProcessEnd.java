package org.bertology.cli;

import java.util.Locale;
import java.util.Map;

/** How a process ended, in words. */
final class ProcessEnd {
  private static final int SIGNALS = 128;
  private static final Map<Integer, String> NAMES =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15,
          "SIGTERM");

  private ProcessEnd() {}

  /** Whether an exit code stands for a signal, as it does everywhere but on Windows. */
  static boolean isSignal(int exitCode) {
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
    return !windows && exitCode > SIGNALS && exitCode <= SIGNALS + 64;
  }

  static String words(int exitCode) {
    if (!isSignal(exitCode)) {
      return "the process ended with exit code %d".formatted(exitCode);
    }
    int signal = exitCode - SIGNALS;
    String name = NAMES.containsKey(signal) ? " (%s)".formatted(NAMES.get(signal)) : "";
    return "the process ended with signal %d%s".formatted(signal, name);
  }
}
