package org.bertology.cli;

import com.google.inject.Module;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and its exit code. */
record Result(int exitCode, String out, String err) {

  /** Runs a command in this process, without a terminal. */
  static Result of(String... arguments) {
    return on(Terminal.none(), arguments);
  }

  static Result on(Terminal terminal, String... arguments) {
    return on(terminal, new ReferenceModule(), arguments);
  }

  /** The same with other backends. */
  static Result of(Module backends, String... arguments) {
    return on(Terminal.none(), backends, arguments);
  }

  private static Result on(Terminal terminal, Module backends, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), terminal);
    int exitCode = Main.run(arguments, console, backends);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
