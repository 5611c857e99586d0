package org.bertology.cli;

import java.util.OptionalInt;
import org.bertology.core.experiment.MichelOptions;

/**
 * How a study is made and shown.
 *
 * @param repetitions of each timed pass; empty if no time is measured
 * @param engine on which it runs
 * @param json whether to print the document instead of tables
 */
record MichelRequest(
    MichelOptions options, OptionalInt repetitions, EngineOptions engine, boolean json) {
  MichelRequest {
    repetitions.ifPresent(BenchmarkRuns::requireRepetitions);
  }
}
