package org.bertology.cli;

import picocli.CommandLine.Option;

/** How chance is drawn: everything random in a result follows from the seed. */
final class SamplingOptions {
  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Bootstrap samples of the examples behind the intervals; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int resamples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description =
          "Seed of the bootstrap and of all else that is random here (default: ${DEFAULT-VALUE}).")
  private long seed;

  int resamples() {
    return resamples;
  }

  long seed() {
    return seed;
  }
}
