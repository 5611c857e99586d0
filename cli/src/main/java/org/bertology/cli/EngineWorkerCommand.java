package org.bertology.cli;

import com.google.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.run.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bertology engine-worker}: what {@code compare} starts for each engine. */
@Command(
    name = EngineWorkerCommand.NAME,
    hidden = true,
    description = "Runs one engine for 'compare'; asked on standard input.",
    sortOptions = false)
final class EngineWorkerCommand implements Callable<Integer> {
  static final String NAME = "engine-worker";

  private final Console console;
  private final Backends backends;

  @Mixin private ModelDirectoryOption model;

  @Mixin private DataOptions data;
  @Mixin private EngineOptions engine;

  @Inject
  EngineWorkerCommand(Console console, Backends backends) {
    this.console = console;
    this.backends = backends;
  }

  @Override
  public Integer call() {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    new EngineWorker(new WorkerRequests(requests, console.out()))
        .serve(
            () -> engine.open(backends),
            model::open,
            data.selection(),
            engine.settings(Progress.NONE));
    return ExitCode.OK;
  }
}
