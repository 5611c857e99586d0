package org.bertology.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Timed work, once for each line on standard input, answered by one line of JSON. */
final class Repetitions {
  private Repetitions() {}

  /**
   * What a repetition did.
   *
   * @param runs how often an example was run
   * @param correct right predictions, to see that the other side computes the same
   * @param first one number of the result
   */
  record Outcome(long runs, int correct, double first) {}

  static void answer(int examples, Supplier<Outcome> work) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      long start = System.nanoTime();
      double processorStart = processorSeconds();
      Outcome outcome = work.get();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "{\"examples\": %d, \"seconds\": %.3f, \"examples_per_second\": %.2f, \"processor_seconds\": %.2f, \"peak_resident_mib\": %d, \"correct\": %d, \"first\": %.9g}%n",
          examples,
          seconds,
          outcome.runs() / seconds,
          processorSeconds() - processorStart,
          peakResidentMib(),
          outcome.correct(),
          outcome.first());
    }
  }

  /** Of all threads: steadier than wall time on a busy machine. */
  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  /** The process's high-water mark, 0 where the system does not tell. */
  private static long peakResidentMib() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
