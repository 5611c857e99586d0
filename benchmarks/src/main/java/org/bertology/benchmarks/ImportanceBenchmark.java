package org.bertology.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.GlueTask;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.ImportancePass;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;

/**
 * Head importance from token ids in memory to the finished matrix, timed: one repetition and one
 * JSON line for each line on standard input. Arguments: model directory, SST-2 file, then in any
 * order {@code backend=onnx workers=2 threads=1 tokens=1024 limit=0 length=128}.
 */
public final class ImportanceBenchmark {
  private ImportanceBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    BackendConfig config = BackendConfig.defaults().withThreads(number(args, "threads", 1));
    RunSettings run =
        RunSettings.defaults()
            .withWorkers(number(args, "workers", 2))
            .withBatchTokens(number(args, "tokens", RunSettings.defaults().batchTokens()));
    try (Backend backend = Backends.onClassPath().open(text(args, "backend", "onnx"), config);
        Model model = Model.open(directory, backend);
        ImportancePass pass =
            ImportancePass.open(
                model, ImportanceOptions.defaults().withResamples(0).withRun(run))) {
      int length = number(args, "length", 128);
      repeat(pass, data(Path.of(args[1]), model, length, number(args, "limit", 0)));
    }
  }

  private static EncodedData data(Path file, Model model, int length, int limit) {
    GlueTask task = GlueTask.named("sst-2");
    ExampleSource source =
        ExampleSource.of(
            file, task, task.labels(model.checkpoint().config().modelType(), model.labels()));
    ExampleSource read = limit > 0 ? source.limit(limit) : source;
    return EncodedData.of(read.readAll(), model.tokenizer(), length);
  }

  private static void repeat(ImportancePass pass, EncodedData data) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      long start = System.nanoTime();
      double processorStart = processorSeconds();
      Importance importance = pass.run(data);
      double first = importance.scores(Criterion.GRADIENT).get(0, 0);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "{\"examples\": %d, \"seconds\": %.3f, \"examples_per_second\": %.2f, \"processor_seconds\": %.2f, \"peak_resident_mib\": %d, \"correct\": %d, \"first\": %.9g}%n",
          data.size(),
          seconds,
          data.size() / seconds,
          processorSeconds() - processorStart,
          peakResidentMib(),
          importance.predictions().correct(),
          first);
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

  private static int number(String[] args, String name, int otherwise) {
    return Integer.parseInt(text(args, name, "" + otherwise));
  }

  private static String text(String[] args, String name, String otherwise) {
    for (String arg : args) {
      if (arg.startsWith(name + "=")) {
        return arg.substring(name.length() + 1);
      }
    }
    return otherwise;
  }
}
