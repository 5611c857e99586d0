package org.bertology.benchmarks;

import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.GlueTask;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;

/**
 * The command line of a benchmark: model directory, SST-2 file, then in any order {@code
 * backend=onnx workers=2 threads=1 tokens=1024 limit=0 length=128}.
 */
final class BenchmarkArguments {
  private static final int LENGTH = 128;

  private final String[] words;

  BenchmarkArguments(String[] words) {
    this.words = words.clone();
  }

  Path model() {
    return Path.of(words[0]);
  }

  /** Starts the engine; the caller closes it. */
  Backend open() {
    BackendConfig config = BackendConfig.defaults().withThreads(number("threads", 1));
    return Backends.onClassPath().open(text("backend", "onnx"), config);
  }

  RunSettings settings() {
    return RunSettings.defaults()
        .withWorkers(number("workers", 2))
        .withBatchTokens(number("tokens", RunSettings.defaults().batchTokens()));
  }

  EncodedData data(Model model) {
    GlueTask task = GlueTask.named("sst-2");
    ExampleSource source =
        ExampleSource.of(
            Path.of(words[1]),
            task,
            task.labels(model.checkpoint().config().modelType(), model.labels()));
    int limit = number("limit", 0);
    ExampleSource read = limit > 0 ? source.limit(limit) : source;
    return EncodedData.of(read.readAll(), model.tokenizer(), number("length", LENGTH));
  }

  private int number(String name, int otherwise) {
    return Integer.parseInt(text(name, "" + otherwise));
  }

  private String text(String name, String otherwise) {
    for (String word : words) {
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
    }
    return otherwise;
  }
}
