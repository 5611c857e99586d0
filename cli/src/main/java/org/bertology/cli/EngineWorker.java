package org.bertology.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.bertology.api.backend.Backend;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.activation.ActivationFormat;
import org.bertology.core.activation.Activations;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.compare.ValueKind;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.ImportancePass;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;

/**
 * One engine in a process of its own, that does what a comparison asks for. Requests are words on a
 * line, answers are {@link WorkerLine}s:
 *
 * <ul>
 *   <li>at first, unasked: the engine and the seconds that it took to start;
 *   <li>{@code run}: one pass over all examples, and its seconds;
 *   <li>{@code memory}: the peak of the process, in bytes;
 *   <li>{@code importance FILE}: writes heads' scores {@code [heads]}, float64, of the last run;
 *   <li>{@code hooks N FILE}: writes the values of the first N examples at all compared hooks;
 *   <li>{@code quit}, or the end of input: the end.
 * </ul>
 */
final class EngineWorker {
  static final String RUN = "run";
  static final String MEMORY = "memory";
  static final String IMPORTANCE = "importance";
  static final String HOOKS = "hooks";

  static final String SECONDS = "seconds";
  static final String ENGINE_SECONDS = "engineSeconds";
  static final String COMPILE_SECONDS = "compileSeconds";
  static final String VERSION = "version";
  static final String DEVICE = "device";
  static final String THREADS = "threads";
  static final String EXAMPLES = "examples";
  static final String BYTES = "bytes";

  private final WorkerRequests requests;
  private Optional<Importance> last = Optional.empty();

  EngineWorker(WorkerRequests requests) {
    this.requests = requests;
  }

  /** How an engine is started. */
  @FunctionalInterface
  interface Engine {
    Backend open();
  }

  /**
   * Starts an engine, opens a model on it, and answers until told to quit. What goes wrong is
   * answered, and then thrown.
   */
  void serve(
      Engine engine, Supplier<Checkpoint> model, DataSelection selection, RunSettings settings) {
    requests.reporting(() -> serveModel(engine, model, selection, settings));
  }

  private void serveModel(
      Engine engine,
      Supplier<Checkpoint> checkpoint,
      DataSelection selection,
      RunSettings settings) {
    long start = System.nanoTime();
    Backend backend = engine.open();
    double engineSeconds = secondsSince(start);
    try (OpenModel open = OpenModel.open(checkpoint.get(), backend)) {
      Model model = open.model();
      TaskData data = TaskData.readLabelled(model, selection);
      ImportanceOptions options = ImportanceOptions.defaults().withResamples(0).withRun(settings);
      long compiling = System.nanoTime();
      try (ImportancePass pass = ImportancePass.open(model, options)) {
        requests.answer(ready(backend, data, engineSeconds, secondsSince(compiling)));
        requests.answerEach(request -> result(request.split(" ", 3), pass, model, data, settings));
      }
    }
  }

  private static JsonObject ready(
      Backend backend, TaskData data, double engineSeconds, double compileSeconds) {
    JsonObject ready = new JsonObject();
    ready.addProperty(VERSION, backend.version());
    ready.addProperty(DEVICE, backend.config().device());
    ready.addProperty(THREADS, backend.config().threads());
    ready.addProperty(EXAMPLES, data.encoded().size());
    ready.addProperty(ENGINE_SECONDS, engineSeconds);
    ready.addProperty(COMPILE_SECONDS, compileSeconds);
    return ready;
  }

  private JsonObject result(
      String[] request, ImportancePass pass, Model model, TaskData data, RunSettings settings) {
    JsonObject result = new JsonObject();
    switch (request[0]) {
      case RUN -> {
        long start = System.nanoTime();
        last = Optional.of(pass.run(data.encoded()));
        result.addProperty(SECONDS, secondsSince(start));
      }
      case MEMORY -> PeakMemory.bytes().ifPresent(bytes -> result.addProperty(BYTES, bytes));
      case IMPORTANCE -> {
        double[] scores = lastRun().scores(Criterion.GRADIENT).flat();
        Tensor tensor = Tensor.of(scores, scores.length);
        Npy.write(Path.of(request[1]), tensor, Existing.REPLACE);
      }
      case HOOKS ->
          Activations.of(model, ValueKind.hooks())
              .write(
                  first(Integer.parseInt(request[1]), data.encoded()),
                  settings,
                  ActivationFormat.SAFETENSORS,
                  Path.of(request[2]),
                  Existing.REPLACE);
      default -> throw WorkerRequests.unknown(request[0]);
    }
    return result;
  }

  /** Their values alone are asked for, not how many of them were cut off. */
  private static EncodedData first(int count, EncodedData data) {
    return new EncodedData(data.examples().subList(0, Math.min(count, data.size())), 0);
  }

  private Importance lastRun() {
    return last.orElseThrow(() -> new IllegalStateException("nothing was run yet"));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
