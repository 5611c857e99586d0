package org.bertology.core.compare;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * How fast an engine was, in a process of its own.
 *
 * @param processSeconds from the start of the process until it could run
 * @param engineSeconds of these, for starting the engine
 * @param compileSeconds of these, for opening the model and compiling its graph
 * @param runSeconds of each run over all examples, in order
 * @param examples of each run
 * @param peakBytes the most memory that the process had resident, if the system tells
 */
public record Speed(
    double processSeconds,
    double engineSeconds,
    double compileSeconds,
    List<Double> runSeconds,
    int examples,
    OptionalLong peakBytes) {

  public Speed {
    runSeconds = List.copyOf(runSeconds);
    if (runSeconds.isEmpty()) {
      throw new IllegalArgumentException("expected at least one run, got none");
    }
  }

  /** Examples per second of the run in the middle; the mean of two for an even number. */
  public double median() {
    double[] rates = rates();
    int middle = rates.length / 2;
    return rates.length % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
  }

  /** Examples per second of the slowest run. */
  public double least() {
    return rates()[0];
  }

  /** Examples per second of the fastest run. */
  public double most() {
    double[] rates = rates();
    return rates[rates.length - 1];
  }

  /** Ascending. */
  private double[] rates() {
    double[] rates = runSeconds.stream().mapToDouble(seconds -> examples / seconds).toArray();
    Arrays.sort(rates);
    return rates;
  }
}
