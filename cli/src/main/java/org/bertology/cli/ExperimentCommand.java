package org.bertology.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology experiment}: studies that were published, each a command below this one. */
@Command(
    name = "experiment",
    description = "Repeats a published study on your model and data.",
    sortOptions = false,
    subcommands = MichelCommand.class,
    synopsisSubcommandLabel = "STUDY",
    footer = {
      "",
      "Examples:",
      "  bertology experiment michel --model my-bert --task sst-2 --data dev.tsv --out michel"
    })
final class ExperimentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "a study is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
