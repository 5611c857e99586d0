package org.bertology.cli;

import java.util.concurrent.Callable;
import org.bertology.core.result.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bertology} without a command, and the options of all commands. */
@Command(
    name = "bertology",
    description = "What every attention head, neuron and layer of a transformer does for a task.",
    versionProvider = RootCommand.VersionProvider.class,
    sortOptions = false,
    subcommands = {
      DemoCommand.class,
      ImportanceCommand.class,
      CriteriaCommand.class,
      EvaluateCommand.class,
      AblateCommand.class,
      ActivationsCommand.class,
      InfoCommand.class,
      PruneCommand.class,
      ProveCommand.class,
      BenchmarkCommand.class,
      ExperimentCommand.class,
      CompareCommand.class,
      ExportCommand.class,
      ConvertCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      EngineWorkerCommand.class,
      BenchmarkWorkerCommand.class,
      EngineProbeCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed for another reason than these",
      "2:the command line is wrong, or a file on it does not exist",
      "3:a capability or an engine is missing",
      "4:a check failed",
      "5:the content of a model or data file is wrong",
      "130:interrupted"
    },
    footer = {
      "",
      "Start with 'bertology demo'. Help for a command: 'bertology importance --help'."
    })
final class RootCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Print the result and errors only.")
  private boolean quiet;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the log and whole rankings, and stack traces of failures.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // acted on by picocli
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // acted on by picocli
  private boolean version;

  Verbosity verbosity() {
    if (quiet) {
      return Verbosity.QUIET;
    }
    return verbose ? Verbosity.VERBOSE : Verbosity.NORMAL;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: demo, importance ...");
  }

  /** Versions of this program and of Java. */
  static final class VersionProvider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "bertology %s (Java %s)".formatted(Version.current(), System.getProperty("java.version"))
      };
    }
  }
}
