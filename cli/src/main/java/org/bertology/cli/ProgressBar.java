package org.bertology.cli;

import java.util.Locale;
import org.bertology.core.run.Progress;

/** A line on standard error that is drawn over and over; nothing where that is no terminal. */
final class ProgressBar implements Progress {
  private static final int CELLS = 30;
  private static final long REDRAW_NANOS = 100_000_000;
  static final String ERASE_LINE = "\r\u001B[K";

  private final Console console;
  private final long start = System.nanoTime();
  private long drawn = start;

  private ProgressBar(Console console) {
    this.console = console;
  }

  /** A bar, or nothing where it would not be seen or is not wanted. */
  static Progress on(Console console, Verbosity verbosity) {
    return console.terminal().err() && verbosity != Verbosity.QUIET
        ? new ProgressBar(console)
        : Progress.NONE;
  }

  @Override
  public void report(int done, int total) {
    long now = System.nanoTime();
    if (done == total) {
      show(ERASE_LINE);
    } else if (now - drawn >= REDRAW_NANOS) {
      drawn = now;
      String line = line(done, total, (now - start) / 1e9);
      show(ERASE_LINE + cut(line, console.terminal().columns()));
    }
  }

  /** Of a line that wraps, only the last part would be erased. */
  static String cut(String line, int columns) {
    return line.substring(0, Math.min(line.length(), columns - 1));
  }

  private void show(String text) {
    console.err().print(text);
    console.err().flush();
  }

  static String line(int done, int total, double seconds) {
    int filled = (int) ((long) CELLS * done / total);
    String bar = "#".repeat(filled) + ".".repeat(CELLS - filled);
    double rate = done / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT,
        "%s %d/%d examples, %.0f/s, %.0f s left",
        bar,
        done,
        total,
        rate,
        (total - done) / rate);
  }
}
