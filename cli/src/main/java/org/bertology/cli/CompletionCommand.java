package org.bertology.cli;

import com.google.inject.Inject;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bertology completion}. */
@Command(
    name = "completion",
    description = "Prints a script that lets bash or zsh complete commands and options.",
    sortOptions = false,
    footer = {"", "Example:", "  source <(bertology completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Inject
  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(AutoComplete.bash("bertology", spec.root().commandLine()));
    return ExitCode.OK;
  }
}
