package org.bertology.cli;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.core.backend.Backends;
import org.bertology.core.backend.KnownEngine;
import org.bertology.core.run.Progress;
import org.bertology.core.run.RunSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On what a model runs, and how fast. */
final class EngineOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "The engine: onnx, djl or tensorflow (default: ${DEFAULT-VALUE}).")
  private String backend = KnownEngine.usual().backend();

  @Mixin private RunOptions run;

  RunSettings settings(Progress progress) {
    return run.settings(progress);
  }

  String backend() {
    return backend;
  }

  RunOptions run() {
    return run;
  }

  /** Starts the engine; the caller closes it. */
  Backend open(Backends backends) {
    return open(backends, backend, run.config());
  }

  /** The same for an engine that is not the user's choice. */
  static Backend open(Backends backends, String backend, BackendConfig config) {
    try {
      return backends.open(backend, config);
    } catch (UnsupportedCapabilityException e) {
      throw e;
    } catch (BackendException | LinkageError e) {
      throw new UnsupportedCapabilityException(
          notLoaded(backend, String.valueOf(e.getMessage())), e);
    }
  }

  /** Most backends say themselves that they did not load; libraries under them do not. */
  private static String notLoaded(String backend, String reason) {
    return reason.startsWith(backend + " did not load")
        ? reason
        : "backend '%s' does not load: %s".formatted(backend, reason);
  }
}
