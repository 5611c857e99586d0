package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.backend.Backends;
import org.bertology.core.backend.KnownEngine;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.benchmark.ModelBenchmark.OnEngine;
import org.bertology.core.benchmark.Workload;
import org.bertology.core.model.Model;
import org.bertology.core.result.BenchmarkJson;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.run.EncodedData;
import org.bertology.core.task.TaskData;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bertology benchmark}. */
@Command(
    name = "benchmark",
    description = {
      "How fast a model is as it is, masked, and cut, at your batch sizes and lengths, on your"
          + " engines.",
      "",
      "Each form runs in a process of its own; passes take turns. The defaults are those of Table 4"
          + " of Michel et al. (2019).",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology benchmark --model my-bert --head-mask '1:2,3 4:1'",
      "  bertology benchmark --model my-bert --pruned my-bert-pruned --batch-sizes 1,8 --lengths 32,128",
      "  bertology benchmark --model my-bert --pruned my-bert-pruned --data dev.tsv --backends onnx,djl"
    })
final class BenchmarkCommand implements Callable<Integer> {
  private static final int USUAL_LENGTH = 128;

  /** Options that workers get in another form. */
  private static final List<String> OWN =
      List.of("--model", "--head-mask", "--neuron-mask", "--layer-mask", "--device", "--threads");

  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;
  private final MainClass main;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(
      names = "--pruned",
      paramLabel = "DIR",
      description = "The cut model (default: the model without what is masked).")
  private Optional<Path> pruned = Optional.empty();

  @Option(
      names = "--batch-sizes",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,4,16,64",
      description = "Examples in a batch (default: ${DEFAULT-VALUE}).")
  private List<Integer> batchSizes = List.of();

  @Option(
      names = "--lengths",
      split = ",",
      paramLabel = "N",
      description =
          "Tokens of each example, made up (default: 128, or those of the examples of --data).")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Examples to run as they are, in the order of the file.")
  private Optional<Path> data = Optional.empty();

  @Mixin private ReadingOptions reading;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "64",
      description = "Examples in a timed pass (default: ${DEFAULT-VALUE}).")
  private int examples;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "20",
      description = "Timed passes of each form and batch size (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "NAME",
      description = "The engines, timed one after the other (default: onnx).")
  private List<String> engines = List.of(KnownEngine.usual().backend());

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, or cuda:0 and so on (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that one batch runs on (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write benchmark.json there; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;

  @Inject
  BenchmarkCommand(
      Console console, Backends backends, RootCommand root, Invocation invocation, MainClass main) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
    this.main = main;
  }

  @Override
  public Integer call() {
    engines.forEach(this::requireEngine);
    Optional<OutputDirectory> target = out.map(path -> OutputDirectory.at(path, output.existing()));
    List<Workload> workloads = workloads();
    try (OpenModel open = OpenModel.open(model.open(), new ReferenceBackend());
        TemporaryDirectory scratch = TemporaryDirectory.create("bertology-benchmark")) {
      checkWorkloads(open.model(), workloads);
      BenchmarkForms forms =
          BenchmarkForms.of(open.model(), model.mask(open.model()), pruned, scratch);
      ModelBenchmark benchmark =
          new ModelBenchmark(
              forms.contenders(), forms.sizes(), measure(forms, workloads), repetitions);
      status().clear();
      print(benchmark, target);
      return benchmark.isComplete() ? ExitCode.OK : ExitCode.UNSUPPORTED;
    }
  }

  /** A name that is of no engine is a mistake; an engine that is missing is a result. */
  private void requireEngine(String name) {
    if (KnownEngine.named(name).isEmpty()) {
      Class<?> unused = backends.type(name);
    }
  }

  private List<Workload> workloads() {
    BenchmarkRuns.requireRepetitions(repetitions);
    List<OptionalInt> all =
        lengths.isEmpty()
            ? List.of(data.isPresent() ? OptionalInt.empty() : OptionalInt.of(USUAL_LENGTH))
            : lengths.stream().map(OptionalInt::of).toList();
    return all.stream()
        .flatMap(length -> batchSizes.stream().map(size -> new Workload(size, length, examples)))
        .toList();
  }

  /** What is wrong with the data is found here, before any engine is started. */
  private void checkWorkloads(Model opened, List<Workload> workloads) {
    Optional<EncodedData> examples =
        data.map(file -> TaskData.readTexts(opened, reading.selection(file)).encoded());
    workloads.forEach(workload -> workload.requireRunnable(opened, examples));
  }

  private List<OnEngine> measure(BenchmarkForms forms, List<Workload> workloads) {
    Map<Contender, List<String>> arguments = forms.arguments();
    arguments.replaceAll((contender, words) -> withCommon(words));
    StatusLine status = status();
    BenchmarkRuns runs =
        new BenchmarkRuns(
            backends,
            ChildCommand.of(main),
            arguments,
            workloads,
            repetitions,
            status::show,
            status::passOn);
    return engines.stream().map(engine -> runs.on(engine, threads)).toList();
  }

  private List<String> withCommon(List<String> words) {
    CommandLine worker =
        Objects.requireNonNull(spec.parent().subcommands().get(BenchmarkWorkerCommand.NAME));
    List<String> all = new ArrayList<>(words);
    all.addAll(
        ForwardedOptions.of(spec.commandLine().getParseResult(), worker.getCommandSpec(), OWN));
    all.add("--device=" + device);
    all.add("--threads=" + threads);
    return all;
  }

  private StatusLine status() {
    return new StatusLine(console, root.verbosity());
  }

  private void print(ModelBenchmark benchmark, Optional<OutputDirectory> target) {
    String name = String.valueOf(model.directory().toAbsolutePath().normalize().getFileName());
    String document = BenchmarkJson.of(benchmark, name, invocation.record());
    target.ifPresent(files -> files.add("benchmark.json", document).write());
    if (output.json()) {
      console.out().print(document);
      return;
    }
    new BenchmarkView(console, benchmark).print();
    target.ifPresent(
        files -> console.out().println("\nin %s: benchmark.json".formatted(files.path())));
  }
}
