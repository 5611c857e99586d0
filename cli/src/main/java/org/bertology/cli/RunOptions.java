package org.bertology.cli;

import java.util.Optional;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.run.Progress;
import org.bertology.core.run.RunSettings;
import picocli.CommandLine.Option;

/** Where on an engine, and how fast. */
final class RunOptions {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, or cuda:0 and so on (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Batches in flight at once, each on one thread of the engine (default: all processors).")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      description =
          "The most tokens in a batch, padding included. Changes speed and memory, not results"
              + " (default: measured).")
  private Optional<Integer> batchTokens = Optional.empty();

  RunSettings settings(Progress progress) {
    RunSettings settings = RunSettings.defaults().withProgress(progress);
    if (threads.isPresent()) {
      if (threads.get() < 1) {
        throw new IllegalArgumentException("threads must be at least 1, got " + threads.get());
      }
      settings = settings.withWorkers(threads.get());
    }
    return batchTokens.isPresent() ? settings.withBatchTokens(batchTokens.get()) : settings;
  }

  String device() {
    return device;
  }

  /** Threads that are used together: those asked for, or one for each processor. */
  int allThreads() {
    return settings(Progress.NONE).workers();
  }

  BackendConfig config() {
    return BackendConfig.defaults().withDevice(device);
  }
}
