package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.backend.Backends;
import org.bertology.core.backend.KnownEngine;
import org.bertology.core.compare.Comparison;
import org.bertology.core.compare.Difference;
import org.bertology.core.compare.EngineDifferences;
import org.bertology.core.compare.EngineOutcome;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.result.ComparisonJson;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.result.Provenance;
import org.bertology.core.run.Progress;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology compare}. */
@Command(
    name = "compare",
    description = {
      "The same model on several engines: how far their values, gradients and rankings are apart,"
          + " and how fast each is.",
      "",
      "Each engine runs in a process of its own; timed runs take turns. The first engine is the one"
          + " that the others are compared with. Without --model, on the example that comes with"
          + " this program.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology compare",
      "  bertology compare --backends onnx,djl --repetitions 10 --out comparison",
      "  bertology compare --model my-bert --task sst-2 --data dev.tsv --limit 200",
      "  bertology compare --backends onnx,onnx   # the noise of the measurement"
    })
final class CompareCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;
  private final MainClass main;

  @Spec private CommandSpec spec;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "NAME",
      description =
          "The engines, the one to compare with first; one may be named twice (default: all that"
              + " are installed).")
  private List<String> names = List.of();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A model directory as Hugging Face transformers saves it; needs --data.")
  private Optional<Path> model = Optional.empty();

  @Mixin private OpeningOptions opening;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Labelled examples: .tsv, .csv, .jsonl, .conllu or .conll; with --task also the directory of the task's"
              + " files, of which the development set is read.")
  private Optional<Path> data = Optional.empty();

  @Mixin private ReadingOptions reading;

  @Option(
      names = "--hook-examples",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Compare the values inside the model on the first N examples (default:"
              + " ${DEFAULT-VALUE}); importance is compared on all.")
  private int hookExamples;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed runs of each engine, after one that is not (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "10",
      description = "Count how many of the first K heads are the same (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--tolerance",
      paramLabel = "FRACTION",
      defaultValue = "1e-4",
      description =
          "The most that a value may differ, as a fraction of the largest entry of the same hook,"
              + " gradient or scores; above it the exit code is 4 (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write comparison.json there; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private RunOptions run;

  @Inject
  CompareCommand(
      Console console, Backends backends, RootCommand root, Invocation invocation, MainClass main) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
    this.main = main;
  }

  @Override
  public Integer call() {
    if (model.isPresent() != data.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "expected both --model and --data, or neither for the example, got only "
              + (model.isPresent() ? "--model" : "--data"));
    }
    List<String> engines = engines();
    Path directory = model.orElseGet(Installation::example);
    DataSelection selection = reading.selection(data.orElseGet(() -> directory.resolve("dev.tsv")));
    RunSettings settings = run.settings(Progress.NONE);
    Comparison.Settings compared =
        new Comparison.Settings(
            tolerance, top, hookExamples, repetitions, settings.batchTokens(), settings.workers());
    Optional<OutputDirectory> target = out.map(path -> OutputDirectory.at(path, output.existing()));
    // What is wrong with the model or the data is found here, before any engine is started.
    try (Backend none = new ReferenceBackend();
        Model opened = Model.open(opening.open(directory), none)) {
      TaskData examples = TaskData.readLabelled(opened, selection);
      Comparison comparison =
          comparison(compared)
              .run(engines, arguments(directory, selection.data()), opened.config());
      status().clear();
      print(comparison, opened, examples, target);
      return exitCode(comparison, opened);
    }
  }

  private List<String> engines() {
    if (!names.isEmpty()) {
      names.forEach(this::requireEngine);
      if (names.size() < 2) {
        throw new IllegalArgumentException(
            "comparing takes two engines, got only '%s'; an engine may be named twice"
                .formatted(names.get(0)));
      }
      return names;
    }
    List<String> found = installed();
    if (found.size() < 2) {
      throw new UnsupportedCapabilityException(
          "comparing takes two engines, and this installation has %s; add one of %s, or name one twice with --backends"
              .formatted(
                  found.isEmpty() ? "none" : "only '" + found.get(0) + "'",
                  String.join(", ", missingArtifacts(found))));
    }
    return found;
  }

  /** A name that is of no engine is a mistake; an engine that is missing is a result. */
  private void requireEngine(String name) {
    if (KnownEngine.named(name).isEmpty()) {
      Class<?> unused = backends.type(name);
    }
  }

  /** The usual engine first. */
  private List<String> installed() {
    List<String> found = new ArrayList<>(backends.names());
    String usual = KnownEngine.usual().backend();
    if (found.remove(usual)) {
      found.add(0, usual);
    }
    return found;
  }

  private static List<String> missingArtifacts(List<String> found) {
    return Arrays.stream(KnownEngine.values())
        .filter(engine -> !found.contains(engine.backend()))
        .map(KnownEngine::artifact)
        .toList();
  }

  private EngineComparison comparison(Comparison.Settings settings) {
    StatusLine status = status();
    return new EngineComparison(
        backends, ChildCommand.of(main), settings, status::show, status::passOn);
  }

  private StatusLine status() {
    return new StatusLine(console, root.verbosity());
  }

  /** The arguments of the workers: what was given here, and where the model and the data are. */
  private List<String> arguments(Path directory, Path file) {
    CommandLine worker =
        Objects.requireNonNull(spec.parent().subcommands().get(EngineWorkerCommand.NAME));
    List<String> arguments =
        new ArrayList<>(
            ForwardedOptions.of(
                spec.commandLine().getParseResult(),
                worker.getCommandSpec(),
                List.of("--model", "--data")));
    arguments.add("--model=" + directory);
    arguments.add("--data=" + file);
    switch (root.verbosity()) {
      case QUIET -> arguments.add("--quiet");
      case VERBOSE -> arguments.add("--verbose");
      case NORMAL -> {}
    }
    return arguments;
  }

  private void print(
      Comparison comparison, Model opened, TaskData examples, Optional<OutputDirectory> target) {
    if (output.json() || target.isPresent()) {
      Provenance provenance = Provenance.of(opened, examples);
      String document =
          ComparisonJson.of(comparison, examples.encoded(), provenance, invocation.record());
      target.ifPresent(files -> files.add("comparison.json", document).write());
      if (output.json()) {
        console.out().print(document);
        return;
      }
    }
    new ComparisonView(console, root.verbosity(), comparison, opened).print(examples);
    target.ifPresent(
        files -> console.out().println("\nin %s: comparison.json".formatted(files.path())));
  }

  /** A difference that is too large says more than an engine that is not there. */
  private int exitCode(Comparison comparison, Model opened) {
    for (EngineOutcome engine : comparison.engines()) {
      engine.failure().ifPresent(reason -> complain(notCompared(engine.label(), reason)));
    }
    if (!comparison.isWithinTolerance()) {
      comparison.worst().ifPresent(worst -> complain(tooFar(comparison, opened, worst)));
      return ExitCode.CHECK_FAILED;
    }
    return comparison.isComplete() ? ExitCode.OK : ExitCode.UNSUPPORTED;
  }

  private static String notCompared(String engine, String reason) {
    return "%s was not compared: %s".formatted(engine, reason);
  }

  private static String tooFar(Comparison comparison, Model opened, EngineDifferences engine) {
    Difference worst = engine.worst();
    return "%s differs from %s by %s of the largest entry at %s, more than the tolerance %s"
        .formatted(
            engine.engine(),
            comparison.reference(),
            ComparisonView.fraction(worst.relative()),
            ComparisonView.place(worst, LayerTitles.of(opened.config().layers())),
            ComparisonView.fraction(comparison.settings().tolerance()));
  }

  private void complain(String sentence) {
    console.err().println("bertology: " + sentence);
  }
}
