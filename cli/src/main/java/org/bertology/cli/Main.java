package org.bertology.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;

/** The program {@code bertology}. */
public final class Main {
  private static final int LEAST_HELP_COLUMNS = 80;
  private static final int MOST_HELP_COLUMNS = 110;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(runAsProcess(arguments, new FoundBackendsModule()));
  }

  /**
   * Runs a command on this process's streams until it is done or interrupted.
   *
   * @param backends contributes factories to the {@code MapBinder<String, BackendFactory>}
   * @return the exit code
   */
  static int runAsProcess(String[] arguments, Module backends) {
    Interruption interruption = Interruption.ofThisThread();
    // Numbers in messages are those of the tables and files: not every language has ASCII digits.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    try {
      Terminal terminal = Terminal.ofProcess();
      Console console =
          new Console(writer(FileDescriptor.out), writer(FileDescriptor.err), terminal);
      return run(arguments, console, backends);
    } finally {
      interruption.finish();
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    OutputStream stream = new FileOutputStream(descriptor);
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }

  /**
   * Runs a command.
   *
   * @param backends contributes factories to the {@code MapBinder<String, BackendFactory>}
   * @return the exit code
   */
  static int run(String[] arguments, Console console, Module backends) {
    Failures failures = new Failures(console);
    try {
      Invocation invocation = Invocation.of(arguments);
      Injector injector =
          Guice.createInjector(
              Stage.DEVELOPMENT, new CommandLineModule(console, invocation), backends);
      int exitCode = commandLine(injector, console, failures).execute(arguments);
      boolean lost = console.out().checkError(); // a writer that prints throws nothing by itself
      return lost && exitCode == ExitCode.OK ? failures.outputLost() : exitCode;
    } catch (RuntimeException | Error e) {
      return failures.report(e);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  private static CommandLine commandLine(Injector injector, Console console, Failures failures) {
    RootCommand root = injector.getInstance(RootCommand.class);
    int columns = Math.min(MOST_HELP_COLUMNS, console.terminal().columns());
    boolean colors = console.terminal().colors();
    return new CommandLine(root, new InjectedCommands(injector))
        .setOut(console.out())
        .setErr(console.err())
        .setExpandAtFiles(false)
        .setUsageHelpWidth(Math.max(LEAST_HELP_COLUMNS, columns))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                colors ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures)
        .setExecutionStrategy(
            parsed -> {
              failures.setVerbosity(root.verbosity());
              Logging.toStandardError(console.err(), root.verbosity());
              return new CommandLine.RunLast().execute(parsed);
            });
  }
}
