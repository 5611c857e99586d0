package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.prove.PrunedUnits;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.result.ProofJson;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.Summary;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology prove}. */
@Command(
    name = "prove",
    description = {
      "Whether a pruned model computes what the model that it was made of does under a mask: the"
          + " largest difference of their logits on examples.",
      "",
      "Without a mask, what the pruned model lacks is told from the two models.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology prove --model my-bert --pruned pruned-bert --task sst-2 --data dev.tsv",
      "  bertology prove --model my-bert --pruned pruned-bert --data dev.tsv --head-mask '1:2,3 4:1'"
    })
final class ProveCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;

  @Mixin private ModelOptions model;

  @Option(
      names = "--pruned",
      required = true,
      paramLabel = "DIR",
      description = "The directory of the pruned model.")
  private Path pruned;

  @Mixin private DataOptions data;

  @Option(
      names = "--tolerance",
      paramLabel = "FRACTION",
      defaultValue = "1e-4",
      description =
          "The most that a logit may differ, as a fraction of the largest one; above it the exit"
              + " code is 4 (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write proof.json there; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  ProveCommand(Console console, Backends backends, RootCommand root, Invocation invocation) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Optional<OutputDirectory> target = out.map(path -> OutputDirectory.at(path, output.existing()));
    RunSettings settings = engine.settings(ProgressBar.on(console, root.verbosity()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends));
        Model cut = Model.of(model.open(pruned), open.engine())) {
      ModelMask mask =
          model
              .mask(open.model())
              .orElseGet(() -> PrunedUnits.between(open.model().checkpoint(), cut.checkpoint()));
      TaskData examples = TaskData.readTexts(open.model(), data.selection());
      Proof proof =
          Proof.of(open.model(), mask, cut, examples.encoded().examples(), settings, tolerance);
      print(open.model(), cut, examples, mask, proof, target);
      return exitCode(proof);
    }
  }

  private void print(
      Model whole,
      Model cut,
      TaskData examples,
      ModelMask mask,
      Proof proof,
      Optional<OutputDirectory> target) {
    if (output.json() || target.isPresent()) {
      String document =
          ProofJson.of(
              proof,
              mask,
              examples.encoded(),
              Provenance.of(whole, examples),
              cut.checkpoint(),
              invocation.record());
      target.ifPresent(files -> files.add("proof.json", document).write());
      if (output.json()) {
        console.out().print(document);
        return;
      }
    }
    new SummaryView(console, whole, examples).printData(summary(examples.encoded(), mask));
    new ProofView(console, proof).print(pruned, cut.config(), examples.ids());
    target.ifPresent(files -> console.out().println("\nin %s: proof.json".formatted(files.path())));
  }

  private static Summary summary(EncodedData data, ModelMask mask) {
    return new Summary(
        Map.of(), Double.NaN, data.size(), data.tokens(), data.truncated(), Optional.of(mask));
  }

  private int exitCode(Proof proof) {
    if (proof.holds()) {
      return ExitCode.OK;
    }
    console.err().println("bertology: " + ProofView.failure(proof));
    return ExitCode.CHECK_FAILED;
  }
}
