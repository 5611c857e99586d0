package org.bertology.core.backend;

import java.util.List;
import java.util.Optional;

/**
 * What is the matter with one engine.
 *
 * @param backend its name
 * @param title the engine's own name, where it is known
 * @param state whether it can be used
 * @param found what it says of itself, if it works
 * @param jars where its classes lie
 * @param problem why it cannot be used
 * @param advice what to do about that
 * @param warnings what it logged when it started
 */
public record EngineDiagnosis(
    String backend,
    Optional<String> title,
    State state,
    Optional<Found> found,
    List<String> jars,
    Optional<String> problem,
    Optional<String> advice,
    List<String> warnings) {

  /** Whether an engine can be used. */
  public enum State {
    /** It started and computed. */
    WORKS,
    /** It is on the class path but does not start or computes nothing. */
    FAILS,
    /** It is not on the class path. */
    MISSING
  }

  /**
   * What a running engine says of itself.
   *
   * @param version its own name and version
   * @param devices such as {@code cpu} and {@code cuda:0}
   * @param capabilities by name
   * @param natives the files of native code that it loaded, where the system tells
   */
  public record Found(
      String version, List<String> devices, List<String> capabilities, List<String> natives) {
    public Found {
      devices = List.copyOf(devices);
      capabilities = List.copyOf(capabilities);
      natives = List.copyOf(natives);
    }
  }

  public EngineDiagnosis {
    jars = List.copyOf(jars);
    warnings = List.copyOf(warnings);
  }

  /** The diagnosis of a known engine that is not on the class path. */
  public static EngineDiagnosis missing(KnownEngine engine) {
    return new EngineDiagnosis(
        engine.backend(),
        Optional.of(engine.title()),
        State.MISSING,
        Optional.empty(),
        List.of(),
        Optional.of("it is not on the class path"),
        Optional.of("add %s".formatted(engine.artifact())),
        List.of());
  }
}
