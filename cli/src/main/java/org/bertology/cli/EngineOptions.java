package org.bertology.cli;

import java.util.Optional;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.core.backend.Backends;
import org.bertology.core.run.Progress;
import org.bertology.core.run.RunSettings;
import picocli.CommandLine.Option;

/** On what a model runs, and how fast. */
final class EngineOptions {
  private static final String USUAL_BACKEND = "onnx";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "The engine (default: ${DEFAULT-VALUE}).")
  private String backend = USUAL_BACKEND;

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

  /** Starts the engine; the caller closes it. */
  Backend open(Backends backends) {
    if (backend.equals(USUAL_BACKEND) && !backends.names().contains(USUAL_BACKEND)) {
      throw new UnsupportedCapabilityException(
          "the backend 'onnx' is missing from this installation; there is %s"
              .formatted(
                  backends.names().isEmpty() ? "none" : String.join(", ", backends.names())));
    }
    BackendConfig config = BackendConfig.defaults().withDevice(device);
    try {
      return backends.open(backend, config);
    } catch (UnsupportedCapabilityException e) {
      throw e;
    } catch (BackendException | LinkageError e) {
      throw new UnsupportedCapabilityException(
          "backend '%s' does not load: %s".formatted(backend, e.getMessage()), e);
    }
  }
}
