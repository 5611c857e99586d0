package org.bertology.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.compare.EngineOutcome;
import org.bertology.core.compare.Speed;
import org.bertology.core.importance.LayerScores;

/** One engine in a comparison: its process, and what was measured of it so far. */
final class Contestant implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final String label;
  private final String backend;
  private final Path directory;
  private final List<Double> runSeconds = new ArrayList<>();
  private Optional<ChildProcess> process = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private JsonObject identity = new JsonObject();
  private double processSeconds;
  private OptionalLong peakBytes = OptionalLong.empty();

  /**
   * An engine that is not started yet.
   *
   * @param label what it is called
   * @param directory where it may write files
   */
  Contestant(String label, String backend, Path directory) {
    this.label = label;
    this.backend = backend;
    this.directory = directory;
  }

  String label() {
    return label;
  }

  String backend() {
    return backend;
  }

  boolean isRunning() {
    return process.isPresent();
  }

  /** Starts the process and waits until the engine can run. */
  void start(ChildCommand command, List<String> arguments, Consumer<String> noise) {
    long start = System.nanoTime();
    attempt(
        () -> {
          ChildProcess started = ChildProcess.start(command, arguments, noise);
          process = Optional.of(started);
          identity = started.answer(PATIENCE);
          processSeconds = (System.nanoTime() - start) / 1e9;
        });
  }

  /** Runs once without counting it: the first run makes what later ones find. */
  void warmUp() {
    ask(EngineWorker.RUN, answer -> {});
  }

  void runOnce() {
    ask(EngineWorker.RUN, answer -> runSeconds.add(answer.get(EngineWorker.SECONDS).getAsDouble()));
  }

  /** Asks how much memory the runs took; to be asked before anything else is done. */
  void measureMemory() {
    ask(
        EngineWorker.MEMORY,
        answer -> {
          JsonElement bytes = answer.get(EngineWorker.BYTES);
          peakBytes = bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.getAsLong());
        });
  }

  void writeScores() {
    ask(EngineWorker.IMPORTANCE + " " + scores(), answer -> {});
  }

  void writeValues(int examples) {
    ask(EngineWorker.HOOKS + " " + examples + " " + values(), answer -> {});
  }

  /** The file of {@link #writeValues}. */
  Path values() {
    return directory.resolve("values.safetensors");
  }

  private Path scores() {
    return directory.resolve("scores.npy");
  }

  private void ask(String request, Consumer<JsonObject> use) {
    process.ifPresent(running -> attempt(() -> use.accept(running.ask(request))));
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (ChildFailedException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  /** Takes the engine out of the comparison. */
  void fail(String reason) {
    failure = Optional.of(reason);
    close();
  }

  /**
   * What became of the engine.
   *
   * @param heads of each layer
   */
  EngineOutcome outcome(int[] heads) {
    return failure
        .map(reason -> EngineOutcome.failed(label, backend, reason))
        .orElseGet(() -> EngineOutcome.of(label, backend, measured(heads)));
  }

  private EngineOutcome.Measured measured(int[] heads) {
    Speed speed =
        new Speed(
            processSeconds,
            identity.get(EngineWorker.ENGINE_SECONDS).getAsDouble(),
            identity.get(EngineWorker.COMPILE_SECONDS).getAsDouble(),
            runSeconds,
            identity.get(EngineWorker.EXAMPLES).getAsInt(),
            peakBytes);
    return new EngineOutcome.Measured(
        identity.get(EngineWorker.VERSION).getAsString(),
        identity.get(EngineWorker.DEVICE).getAsString(),
        identity.get(EngineWorker.THREADS).getAsInt(),
        speed,
        LayerScores.of(Npy.read(scores()).toDoubles(), heads));
  }

  @Override
  public void close() {
    process.ifPresent(ChildProcess::close);
    process = Optional.empty();
  }
}
