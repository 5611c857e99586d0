package org.bertology.benchmarks;

import java.io.IOException;
import org.bertology.api.backend.Backend;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.ablation.AblationPass;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;

/**
 * Leave-one-out of all heads from token ids in memory to the counts of right predictions, timed:
 * one repetition and one JSON line for each line on standard input. An example counts once per
 * head, the run with all heads not at all. For arguments see {@link BenchmarkArguments}.
 */
public final class AblationBenchmark {
  private AblationBenchmark() {}

  public static void main(String[] args) throws IOException {
    BenchmarkArguments arguments = new BenchmarkArguments(args);
    AblationOptions options = AblationOptions.defaults().withRun(arguments.settings());
    try (Backend backend = arguments.open();
        Model model = Model.open(arguments.model(), backend);
        AblationPass pass = AblationPass.open(model, ModelMask.ones(model.config()), options)) {
      EncodedData data = arguments.data(model);
      Repetitions.answer(
          data.size(),
          () -> {
            Ablation ablation = pass.run(data);
            int correct = ablation.ablated().stream().mapToInt(Predictions::correct).sum();
            long runs = (long) ablation.groups().size() * data.size();
            return new Repetitions.Outcome(runs, correct, ablation.ablated().get(0).meanLoss());
          });
    }
  }
}
