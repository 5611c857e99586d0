package org.bertology.cli;

import com.google.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology benchmark-worker}: what {@code benchmark} starts for each form of a model. */
@Command(
    name = BenchmarkWorkerCommand.NAME,
    hidden = true,
    description = "Runs one form of a model for 'benchmark'; asked on standard input.",
    sortOptions = false)
final class BenchmarkWorkerCommand implements Callable<Integer> {
  static final String NAME = "benchmark-worker";

  private final Console console;
  private final Backends backends;

  @Mixin private ModelOptions model;

  @Option(names = "--data", paramLabel = "FILE", description = "Examples to run.")
  private Optional<Path> data = Optional.empty();

  @Mixin private ReadingOptions reading;

  @Option(names = "--backend", required = true, paramLabel = "NAME", description = "The engine.")
  private String backend;

  @Option(names = "--device", required = true, paramLabel = "DEVICE", description = "Its device.")
  private String device;

  @Option(names = "--threads", required = true, paramLabel = "N", description = "Of one run.")
  private int threads;

  @Inject
  BenchmarkWorkerCommand(Console console, Backends backends) {
    this.console = console;
    this.backends = backends;
  }

  @Override
  public Integer call() {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    WorkerRequests requests = new WorkerRequests(input, console.out());
    requests.reporting(() -> serve(requests));
    return ExitCode.OK;
  }

  private void serve(WorkerRequests requests) {
    BackendConfig config = BackendConfig.defaults().withDevice(device).withThreads(threads);
    Backend engine = backends.open(backend, config);
    try (OpenModel open = OpenModel.open(model.open(), engine)) {
      Model opened = open.model();
      Optional<EncodedData> examples =
          data.map(file -> TaskData.readTexts(opened, reading.selection(file)).encoded());
      ModelMask mask = model.mask(opened).orElseGet(() -> ModelMask.ones(opened.config()));
      new BenchmarkWorker(requests).serve(opened, examples, mask);
    }
  }
}
