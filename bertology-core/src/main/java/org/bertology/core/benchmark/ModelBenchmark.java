package org.bertology.core.benchmark;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model's forms side by side on some engines.
 *
 * @param contenders what was timed, {@link Contender#DENSE} first
 * @param sizes what each form takes on disk and in operations
 * @param engines in the order in which they were timed, one after the other
 * @param repetitions timed passes of each form and workload
 */
public record ModelBenchmark(
    List<Contender> contenders,
    Map<Contender, Size> sizes,
    List<OnEngine> engines,
    int repetitions) {

  /**
   * What a form of a model takes.
   *
   * @param heads of all layers
   * @param parameters that its task uses
   * @param bytes of its tensors on disk
   */
  public record Size(int heads, long parameters, long bytes) {}

  /**
   * What was measured on one engine.
   *
   * @param backend its name
   * @param version its own name and version
   * @param threads of one run
   * @param cells one for each workload
   * @param peakBytes the most memory that the process of each form had resident, where the system
   *     tells
   * @param failure why nothing was measured, in which case all else but the name is empty
   */
  public record OnEngine(
      String backend,
      String version,
      String device,
      int threads,
      List<Cell> cells,
      Map<Contender, OptionalLong> peakBytes,
      Optional<String> failure) {
    public OnEngine {
      cells = List.copyOf(cells);
      peakBytes = copy(peakBytes);
    }

    /** An engine that is missing, does not load, or broke down. */
    public static OnEngine failed(String backend, String reason) {
      return new OnEngine(backend, "", "", 0, List.of(), Map.of(), Optional.of(reason));
    }
  }

  /**
   * One workload.
   *
   * @param timings of each form, passes in turn
   */
  public record Cell(Workload workload, Map<Contender, Timings> timings) {
    public Cell {
      timings = copy(timings);
    }

    /** The timings of a form that took part. */
    public Timings of(Contender contender) {
      Timings found = timings.get(contender);
      if (found == null) {
        throw new IllegalArgumentException(
            "%s was not timed, %s were".formatted(contender.key(), timings.keySet()));
      }
      return found;
    }

    /** How many times as fast as the dense model a form is. */
    public SpeedRatio ratio(Contender contender) {
      return SpeedRatio.of(of(contender), of(Contender.DENSE));
    }
  }

  public ModelBenchmark {
    contenders = List.copyOf(contenders);
    sizes = copy(sizes);
    engines = List.copyOf(engines);
  }

  private static <T> Map<Contender, T> copy(Map<Contender, T> values) {
    EnumMap<Contender, T> copy = new EnumMap<>(Contender.class);
    Arrays.stream(Contender.values())
        .filter(values::containsKey)
        .forEach(contender -> copy.put(contender, values.get(contender)));
    return Collections.unmodifiableMap(copy);
  }

  /** Whether every engine that was asked for was measured. */
  public boolean isComplete() {
    return engines.stream().allMatch(engine -> engine.failure().isEmpty());
  }
}
