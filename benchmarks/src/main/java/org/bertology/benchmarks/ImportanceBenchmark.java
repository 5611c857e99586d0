package org.bertology.benchmarks;

import java.io.IOException;
import org.bertology.api.backend.Backend;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.ImportancePass;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;

/**
 * Head importance from token ids in memory to the finished matrix, timed: one repetition and one
 * JSON line for each line on standard input. For arguments see {@link BenchmarkArguments}.
 */
public final class ImportanceBenchmark {
  private ImportanceBenchmark() {}

  public static void main(String[] args) throws IOException {
    BenchmarkArguments arguments = new BenchmarkArguments(args);
    ImportanceOptions options =
        ImportanceOptions.defaults().withResamples(0).withRun(arguments.settings());
    try (Backend backend = arguments.open();
        Model model = Model.open(arguments.model(), backend);
        ImportancePass pass = ImportancePass.open(model, options)) {
      EncodedData data = arguments.data(model);
      Repetitions.answer(
          data.size(),
          () -> {
            Importance importance = pass.run(data);
            double first = importance.scores(Criterion.GRADIENT).get(0, 0);
            return new Repetitions.Outcome(data.size(), importance.predictions().correct(), first);
          });
    }
  }
}
