package org.bertology.cli;

import java.time.Instant;
import java.util.List;
import org.bertology.core.result.RunRecord;

/**
 * One call of the command line.
 *
 * @param arguments without the program's name
 * @param started when
 * @param startedNanos the same by {@link System#nanoTime}
 */
record Invocation(List<String> arguments, Instant started, long startedNanos) {
  Invocation {
    arguments = List.copyOf(arguments);
  }

  static Invocation of(String... arguments) {
    return new Invocation(List.of(arguments), Instant.now(), System.nanoTime());
  }

  /** This call as results tell of it. */
  RunRecord record() {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return new RunRecord(started, seconds, arguments);
  }
}
