package org.bertology.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.compare.Comparison;
import org.bertology.core.compare.EngineDifferences;
import org.bertology.core.compare.EngineOutcome;
import org.bertology.core.importance.Target;

/**
 * Runs engines side by side, each in a process of its own, because native runtimes in one process
 * fight for threads. The processes live at the same time, but only one works at any moment.
 */
final class EngineComparison {
  private final Backends backends;
  private final ChildCommand command;
  private final Comparison.Settings settings;
  private final Consumer<String> status;
  private final BiConsumer<String, String> noise;

  /**
   * A comparison.
   *
   * @param status is told what is being done
   * @param noise takes what an engine's process prints, with the engine's label
   */
  EngineComparison(
      Backends backends,
      ChildCommand command,
      Comparison.Settings settings,
      Consumer<String> status,
      BiConsumer<String, String> noise) {
    this.backends = backends;
    this.command = command;
    this.settings = settings;
    this.status = status;
    this.noise = noise;
  }

  /**
   * Runs all engines.
   *
   * @param names of backends; one may be there twice
   * @param arguments of {@link EngineWorkerCommand}, without the backend
   * @param model that is compared
   * @throws IllegalArgumentException with near misses, if a name is of no engine at all
   * @throws UnsupportedCapabilityException if none of them runs
   */
  Comparison run(List<String> names, List<String> arguments, TransformerConfig model) {
    try (TemporaryDirectory directory = TemporaryDirectory.create("bertology-compare")) {
      return runAll(contestants(names, directory), arguments, model);
    }
  }

  private Comparison runAll(
      List<Contestant> contestants, List<String> arguments, TransformerConfig model) {
    try {
      contestants.forEach(contestant -> start(contestant, arguments));
      measure(contestants);
      return comparison(contestants, model);
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  private static List<Contestant> contestants(List<String> names, TemporaryDirectory directory) {
    List<Contestant> contestants = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (String name : names) {
      int count = counts.merge(name, 1, Integer::sum);
      String label = count == 1 ? name : "%s (%d)".formatted(name, count);
      Path own = directory.directory(Integer.toString(contestants.size()));
      contestants.add(new Contestant(label, name, own));
    }
    return contestants;
  }

  private void start(Contestant contestant, List<String> arguments) {
    status.accept("starting " + contestant.label());
    try {
      Class<?> unused = backends.type(contestant.backend());
    } catch (UnsupportedCapabilityException e) {
      contestant.fail(Failures.message(e));
      return;
    }
    List<String> words = new ArrayList<>(List.of(EngineWorkerCommand.NAME));
    words.add("--backend=" + contestant.backend());
    words.addAll(arguments);
    contestant.start(command, words, line -> noise.accept(contestant.label(), line));
  }

  private void measure(List<Contestant> contestants) {
    each(contestants, "first run of %s", Contestant::warmUp);
    for (int run = 1; run <= settings.repetitions(); run++) {
      String step = "run %d of %d of %%s".formatted(run, settings.repetitions());
      each(contestants, step, Contestant::runOnce);
    }
    each(contestants, "memory of %s", Contestant::measureMemory);
    each(contestants, "scores of %s", Contestant::writeScores);
    each(contestants, "values of %s", c -> c.writeValues(settings.hookExamples()));
  }

  private void each(List<Contestant> contestants, String step, Consumer<Contestant> action) {
    for (Contestant contestant : contestants) {
      if (contestant.isRunning()) {
        status.accept(step.formatted(contestant.label()));
        action.accept(contestant);
      }
    }
  }

  private Comparison comparison(List<Contestant> contestants, TransformerConfig model) {
    status.accept("comparing");
    int[] heads = Target.HEADS.widths(model);
    List<EngineOutcome> outcomes = contestants.stream().map(c -> c.outcome(heads)).toList();
    Optional<Contestant> reference = contestants.stream().filter(Contestant::isRunning).findFirst();
    if (reference.isEmpty()) {
      throw new UnsupportedCapabilityException("no engine could be run" + failures(outcomes));
    }
    List<String> layers =
        IntStream.range(0, model.layers().size()).mapToObj(model::layerName).toList();
    List<EngineDifferences> differences = new ArrayList<>();
    int first = contestants.indexOf(reference.get());
    for (int i = first + 1; i < contestants.size(); i++) {
      if (contestants.get(i).isRunning()) {
        differences.add(
            differences(
                reference.get(), outcomes.get(first), contestants.get(i), outcomes.get(i), layers));
      }
    }
    return new Comparison(reference.get().label(), outcomes, differences, settings);
  }

  private static String failures(List<EngineOutcome> outcomes) {
    StringBuilder text = new StringBuilder();
    for (EngineOutcome outcome : outcomes) {
      text.append("; %s: %s".formatted(outcome.label(), outcome.failure().orElse("")));
    }
    return text.toString();
  }

  private EngineDifferences differences(
      Contestant reference,
      EngineOutcome expected,
      Contestant other,
      EngineOutcome actual,
      List<String> layers) {
    return EngineDifferences.of(
        other.label(),
        EngineDifferences.between(
            SafeTensors.open(reference.values()), SafeTensors.open(other.values()), layers),
        expected.measured().orElseThrow().importance(),
        actual.measured().orElseThrow().importance(),
        settings.top());
  }
}
