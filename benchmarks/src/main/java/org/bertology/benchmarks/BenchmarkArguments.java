package org.bertology.benchmarks;

import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.Columns;
import org.bertology.core.data.GlueTask;
import org.bertology.core.language.LanguageOptions;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;

/**
 * The command line of a benchmark: model directory, data file, then in any order {@code task=sst-2
 * backend=onnx workers=2 threads=1 tokens=1024 limit=0 length=128}; {@code task=none} for plain
 * text and for sources with targets.
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
    DataSelection selection = selection(Path.of(words[1])).withMaxLength(number("length", LENGTH));
    int limit = number("limit", 0);
    return TaskData.readLabelled(model, limit > 0 ? selection.withLimit(limit) : selection)
        .encoded();
  }

  private DataSelection selection(Path data) {
    String task = text("task", "sst-2");
    DataSelection columns = DataSelection.of(data, Columns.usual());
    int length = number("length", LENGTH);
    return switch (task) {
      case "columns" -> columns;
      case "text" -> columns.withLanguage(LanguageOptions.defaults().withStride(length));
      default -> DataSelection.of(data, GlueTask.named(task));
    };
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
