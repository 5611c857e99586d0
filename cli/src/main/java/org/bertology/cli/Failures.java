package org.bertology.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.NearMisses;
import org.bertology.core.ContentException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line on standard error and an exit code for everything that goes wrong. */
final class Failures
    implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {
  private final Console console;
  private Verbosity verbosity = Verbosity.NORMAL;

  Failures(Console console) {
    this.console = console;
  }

  /** Stack traces are shown from {@link Verbosity#VERBOSE} on. */
  void setVerbosity(Verbosity changed) {
    verbosity = changed;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = parameterMessage(e);
    String link = message.endsWith("?") ? " See" : "; see";
    print("%s%s '%s --help'".formatted(message, link, command));
    return ExitCode.USAGE;
  }

  private static String parameterMessage(ParameterException e) {
    // A misspelt option is missing too, and picocli says only that.
    List<String> unmatched =
        e instanceof UnmatchedArgumentException exception
            ? exception.getUnmatched()
            : e.getCommandLine().getUnmatchedArguments();
    if (!unmatched.isEmpty()) {
      return unknown(unmatched.get(0), e.getCommandLine());
    }
    String message = firstLine(e);
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String unknown(String argument, CommandLine commandLine) {
    if (argument.startsWith("-")) {
      String name = argument.replaceFirst("=.*", "");
      return "unknown option '%s'%s"
          .formatted(
              name, NearMisses.hint(name, commandLine.getCommandSpec().optionsMap().keySet()));
    }
    if (!commandLine.getSubcommands().isEmpty()) {
      return "unknown command '%s'%s"
          .formatted(argument, NearMisses.hint(argument, commandLine.getSubcommands().keySet()));
    }
    return "unexpected argument '%s'".formatted(argument);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  /** Standard output takes no more, so what a command computed has not reached anybody. */
  int outputLost() {
    print("the result could not be written to standard output");
    return ExitCode.FAILURE;
  }

  /** Prints the failure of a command and gives its exit code. */
  int report(Throwable failure) {
    boolean interrupted =
        Thread.interrupted()
            || failure instanceof CancellationException
            || failure instanceof InterruptedException;
    print(interrupted ? interruption(failure) : message(failure));
    if (verbosity == Verbosity.VERBOSE) {
      failure.printStackTrace(console.err());
    }
    return interrupted ? ExitCode.INTERRUPTED : exitCode(failure);
  }

  private static String interruption(Throwable failure) {
    return failure instanceof ResumableException kept
        ? "interrupted; the same command goes on with what is in '%s'".formatted(kept.directory())
        : "interrupted; nothing was written";
  }

  /** One sentence for a user. */
  static String message(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return "out of memory (%s); lower --batch-tokens, --threads or --limit, or give the JVM more with BERTOLOGY_JAVA_OPTS=-Xmx8g"
          .formatted(firstLine(failure));
    }
    boolean explained =
        failure instanceof IllegalArgumentException
            || failure instanceof ContentException
            || failure instanceof UnsupportedCapabilityException;
    return explained && failure.getMessage() != null
        ? failure.getMessage()
        : "%s (for the stack trace, run it again with --verbose)".formatted(firstLine(failure));
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }

  private static int exitCode(Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      return ExitCode.USAGE;
    }
    if (failure instanceof UnsupportedCapabilityException) {
      return ExitCode.UNSUPPORTED;
    }
    return failure instanceof ContentException ? ExitCode.CONTENT : ExitCode.FAILURE;
  }

  private void print(String message) {
    console.err().print(console.terminal().err() ? ProgressBar.ERASE_LINE : "");
    console.err().println("bertology: " + message);
  }
}
