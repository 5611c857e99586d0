package org.bertology.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of the terminal.
 *
 * @param out whether standard output goes to one
 * @param err whether standard error goes to one
 * @param colors whether to colour what goes to standard output
 * @param columns its width; where there is no terminal, lines are not shortened
 */
record Terminal(boolean out, boolean err, boolean colors, int columns) {
  private static final int USUAL_COLUMNS = 80;
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)");

  /** No terminal: files and pipes. */
  static Terminal none() {
    return new Terminal(false, false, false, Integer.MAX_VALUE);
  }

  /** The terminal of this process, respecting {@code NO_COLOR} (no-color.org) and {@code TERM}. */
  static Terminal ofProcess() {
    boolean out = isTerminal(1);
    boolean err = isTerminal(2);
    boolean plain = !environment("NO_COLOR").isEmpty() || environment("TERM").equals("dumb");
    return new Terminal(out, err, out && !plain, out || err ? width() : Integer.MAX_VALUE);
  }

  /** The width of standard output; what goes to files and pipes is not wrapped. */
  int outputColumns() {
    return out ? columns : Integer.MAX_VALUE;
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  // System.console() says whether input and output are both a terminal (and since Java 22 not even
  // that), so where the system shows what a descriptor is, that is asked first.
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return consoleIsTerminal();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // newer versions of Java are asked by isTerminal
  private static boolean consoleIsTerminal() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < 22) {
      return console != null;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static int width() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] answer = process.getInputStream().readAllBytes();
      Matcher size = SIZE.matcher(new String(answer, StandardCharsets.UTF_8).strip());
      int columns = size.matches() ? Integer.parseInt(size.group(1)) : 0;
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException e) {
      return USUAL_COLUMNS;
    }
  }
}
