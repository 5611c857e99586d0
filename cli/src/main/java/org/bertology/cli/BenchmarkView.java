package org.bertology.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.benchmark.ModelBenchmark.Cell;
import org.bertology.core.benchmark.ModelBenchmark.OnEngine;
import org.bertology.core.benchmark.ModelBenchmark.Size;
import org.bertology.core.benchmark.SpeedRatio;
import org.bertology.core.benchmark.Timings;

/** A benchmark as a person reads it: Table 4 of Michel et al. (2019), with spread and ratio. */
final class BenchmarkView {
  private static final double MEBIBYTE = 1 << 20;

  private final Console console;
  private final ModelBenchmark benchmark;

  BenchmarkView(Console console, ModelBenchmark benchmark) {
    this.console = console;
    this.benchmark = benchmark;
  }

  void print() {
    line("%-8s  %7s  %14s  %10s", "", "heads", "parameters", "on disk");
    benchmark.sizes().forEach(this::printSize);
    benchmark.engines().forEach(this::printEngine);
  }

  private void printSize(Contender contender, Size size) {
    line(
        "%-8s  %7d  %,14d  %,6.1f MiB",
        contender.key(), size.heads(), size.parameters(), size.bytes() / MEBIBYTE);
  }

  private void printEngine(OnEngine engine) {
    line("");
    if (engine.failure().isPresent()) {
      line("%s was not timed: %s", engine.backend(), engine.failure().get());
      return;
    }
    line(
        "%s on %s, %d %s: examples per second, median (10th to 90th percentile) of %d passes in turn",
        engine.version(),
        engine.device(),
        engine.threads(),
        engine.threads() == 1 ? "thread" : "threads",
        benchmark.repetitions());
    line("");
    line("%5s  %6s%s", "batch", "length", headings());
    engine.cells().forEach(this::printCell);
    line("%13s%s", "peak memory", memory(engine));
    if (benchmark.contenders().contains(Contender.CUT)) {
      printVerdict(engine);
    }
  }

  private String headings() {
    return benchmark.contenders().stream()
        .map(
            contender ->
                contender == Contender.DENSE
                    ? "  %-24s".formatted(contender.key())
                    : "  %-24s  %-18s".formatted(contender.key(), "times dense"))
        .collect(Collectors.joining())
        .stripTrailing();
  }

  private void printCell(Cell cell) {
    String length =
        cell.workload().length().isPresent() ? "" + cell.workload().length().getAsInt() : "data";
    StringBuilder row = new StringBuilder();
    for (Contender contender : benchmark.contenders()) {
      row.append("  %-24s".formatted(rates(cell.of(contender))));
      if (contender != Contender.DENSE) {
        row.append("  %-18s".formatted(ratio(cell.ratio(contender))));
      }
    }
    line("%5d  %6s%s", cell.workload().batch(), length, row.toString().stripTrailing());
  }

  private static String rates(Timings timings) {
    return format("%.1f (%.1f to %.1f)", timings.median(), timings.p10(), timings.p90());
  }

  private static String ratio(SpeedRatio ratio) {
    return format("%.2f (%.2f, %.2f)", ratio.median(), ratio.low(), ratio.high());
  }

  private String memory(OnEngine engine) {
    return benchmark.contenders().stream()
        .map(
            contender -> {
              OptionalLong bytes = engine.peakBytes().getOrDefault(contender, OptionalLong.empty());
              String text =
                  bytes.isPresent() ? format("%,.0f MiB", bytes.getAsLong() / MEBIBYTE) : "-";
              return contender == Contender.DENSE
                  ? "  %-24s".formatted(text)
                  : "  %-24s  %-18s".formatted(text, "");
            })
        .collect(Collectors.joining())
        .stripTrailing();
  }

  /** A ratio whose interval holds 1 is no gain, whatever its median. */
  private void printVerdict(OnEngine engine) {
    List<String> none = new ArrayList<>();
    for (Cell cell : engine.cells()) {
      if (!cell.ratio(Contender.CUT).isGain()) {
        none.add("" + cell.workload().batch());
      }
    }
    line("");
    if (none.isEmpty()) {
      line("cutting is a gain at every batch size");
    } else if (none.size() == engine.cells().size()) {
      line("cutting is no gain at any batch size");
    } else {
      line("cutting is no gain at batch size %s", String.join(", ", none));
    }
  }

  private void line(String format, Object... values) {
    console.out().println(format(format, values));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
