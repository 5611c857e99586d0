package org.bertology.cli;

import com.google.inject.Inject;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.api.backend.Backend;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.model.CutSize;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelInfo;
import org.bertology.core.model.ParameterTable;
import org.bertology.core.result.InfoJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology info}. */
@Command(
    name = "info",
    description = {
      "Layers, heads, parameters and floating-point operations of a model, without running it.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology info --model my-bert",
      "  bertology info --model my-bert --parameters --length 64",
      "  bertology info --model my-bert --head-mask '1:2,3 4:1' --length 64"
    })
final class InfoCommand implements Callable<Integer> {
  private static final int USUAL_LENGTH = 128;

  private final Console console;

  @Mixin private ModelOptions model;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description = "Count operations for this many examples (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--length",
      paramLabel = "TOKENS",
      description =
          "Count operations for examples of this length (default: 128, or the model's positions if"
              + " fewer).")
  private Optional<Integer> length = Optional.empty();

  @Option(
      names = "--parameters",
      description = "Also list every parameter: name, shape, operations, and whether it is tied.")
  private boolean parameters;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Inject
  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    // Nothing is run, so any backend will do, and this one starts no engine.
    try (Backend none = new ReferenceBackend();
        Model opened = Model.of(model.open(), none)) {
      int tokens = length.orElse(Math.min(USUAL_LENGTH, opened.config().maxPositions()));
      ModelInfo info = ModelInfo.of(opened, batchSize, tokens);
      Optional<CutSize> cut = model.mask(opened).map(mask -> CutSize.of(opened, info, mask));
      Optional<ParameterTable> table =
          parameters ? Optional.of(ParameterTable.of(opened, batchSize, tokens)) : Optional.empty();
      String name = model.directory().toAbsolutePath().normalize().getFileName().toString();
      if (json) {
        console.out().print(InfoJson.of(name, info, cut, table));
      } else {
        InfoView view = new InfoView(console, name, info);
        view.print();
        cut.ifPresent(view::printCut);
        table.ifPresent(rows -> new ParameterTableView(console, rows).print());
      }
    }
    return ExitCode.OK;
  }
}
