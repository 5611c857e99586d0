package org.bertology.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.core.backend.Backends;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark.Cell;
import org.bertology.core.benchmark.ModelBenchmark.OnEngine;
import org.bertology.core.benchmark.Timings;
import org.bertology.core.benchmark.Workload;

/**
 * Times the forms of a model on one engine after the other. Each form has a process of its own, so
 * that its memory can be told; the forms' passes take turns, and only one works at any moment.
 */
final class BenchmarkRuns {
  private static final Duration PATIENCE = Duration.ofDays(1);

  /** The first passes of a form, which engines and the virtual machine spend on getting ready. */
  private static final int WARM_UPS = 3;

  private final Backends backends;
  private final ChildCommand command;
  private final Map<Contender, List<String>> arguments;
  private final List<Workload> workloads;
  private final int repetitions;
  private final Consumer<String> status;
  private final BiConsumer<String, String> noise;

  /**
   * Runs to be made.
   *
   * @param arguments of {@link BenchmarkWorkerCommand} for each form, without the backend
   * @param status is told what is being done
   * @param noise takes what an engine's process prints, with the engine's name
   */
  BenchmarkRuns(
      Backends backends,
      ChildCommand command,
      Map<Contender, List<String>> arguments,
      List<Workload> workloads,
      int repetitions,
      Consumer<String> status,
      BiConsumer<String, String> noise) {
    this.backends = backends;
    this.command = command;
    this.arguments = new EnumMap<>(arguments);
    this.workloads = List.copyOf(workloads);
    this.repetitions = repetitions;
    this.status = status;
    this.noise = noise;
  }

  /** Refuses what gives no spread. */
  static void requireRepetitions(int repetitions) {
    if (repetitions < 2) {
      throw new IllegalArgumentException(
          "repetitions must be at least 2, so that there is a spread, got " + repetitions);
    }
  }

  /** What was measured on an engine, or why nothing was. */
  OnEngine on(String backend, int threads) {
    Map<Contender, ChildProcess> processes = new EnumMap<>(Contender.class);
    try {
      Class<?> unused = backends.type(backend);
      JsonObject identity = start(backend, processes);
      List<Cell> cells = workloads.stream().map(work -> cell(backend, processes, work)).toList();
      return new OnEngine(
          backend,
          identity.get(BenchmarkWorker.VERSION).getAsString(),
          identity.get(BenchmarkWorker.DEVICE).getAsString(),
          threads,
          cells,
          memory(processes),
          Optional.empty());
    } catch (UnsupportedCapabilityException | ChildFailedException e) {
      return OnEngine.failed(backend, Failures.message(e));
    } finally {
      processes.values().forEach(ChildProcess::close);
    }
  }

  private JsonObject start(String backend, Map<Contender, ChildProcess> processes) {
    JsonObject identity = new JsonObject();
    for (Map.Entry<Contender, List<String>> form : arguments.entrySet()) {
      status.accept("starting %s, %s".formatted(backend, form.getKey().key()));
      List<String> words = new ArrayList<>(List.of(BenchmarkWorkerCommand.NAME));
      words.add("--backend=" + backend);
      words.addAll(form.getValue());
      ChildProcess process =
          ChildProcess.start(command, words, line -> noise.accept(backend, line));
      processes.put(form.getKey(), process);
      identity = process.answer(PATIENCE);
    }
    return identity;
  }

  private Cell cell(String backend, Map<Contender, ChildProcess> processes, Workload workload) {
    Map<Contender, List<Double>> seconds = new EnumMap<>(Contender.class);
    for (int pass = -WARM_UPS; pass < repetitions; pass++) {
      status.accept(
          "%s, batches of %d: pass %d of %d"
              .formatted(backend, workload.batch(), Math.max(0, pass + 1), repetitions));
      for (Map.Entry<Contender, ChildProcess> form : processes.entrySet()) {
        double time = seconds(form.getValue(), workload);
        if (pass >= 0) {
          seconds.computeIfAbsent(form.getKey(), unused -> new ArrayList<>()).add(time);
        }
      }
    }
    Map<Contender, Timings> timings = new EnumMap<>(Contender.class);
    seconds.forEach(
        (contender, times) -> timings.put(contender, new Timings(times, workload.examples())));
    return new Cell(workload, timings);
  }

  private static double seconds(ChildProcess process, Workload workload) {
    return process.ask(BenchmarkWorker.run(workload)).get(BenchmarkWorker.SECONDS).getAsDouble();
  }

  private static Map<Contender, OptionalLong> memory(Map<Contender, ChildProcess> processes) {
    Map<Contender, OptionalLong> memory = new EnumMap<>(Contender.class);
    processes.forEach(
        (contender, process) -> {
          JsonElement bytes = process.ask(BenchmarkWorker.MEMORY).get(BenchmarkWorker.BYTES);
          memory.put(
              contender, bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.getAsLong()));
        });
    return memory;
  }
}
