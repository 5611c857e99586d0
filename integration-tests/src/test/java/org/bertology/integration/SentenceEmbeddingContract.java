package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.model.Pooling;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.data.GlueTask;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.Model;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import org.junit.jupiter.api.Test;

/** MiniLM for sentences, means of its states, against cosines that PyTorch computed for it. */
abstract class SentenceEmbeddingContract {
  /** Two float32 implementations with other orders of summation. */
  private static final double FLOAT32 = 1e-4;

  private static final int PAIRS = 64;

  private final String engine;

  SentenceEmbeddingContract(String engine) {
    this.engine = engine;
  }

  @Test
  void cosinesEqualTheReference() {
    Path directory = Shared.path("models/minilm-sentence");
    DataSelection selection =
        DataSelection.of(Shared.path("data/glue-stsb"), GlueTask.STSB).withLimit(PAIRS);

    double[] cosines = predictions(directory, selection).toTensor().toDoubles();

    double[] expected = Npy.read(directory.resolve("reference/stsb_dev_cosines.npy")).toDoubles();
    assertThat(cosines).containsExactly(Arrays.copyOf(expected, PAIRS), Offset.offset(FLOAT32));
  }

  /** What the model says of pairs, pooled by the mean. */
  final Predictions predictions(Path directory, DataSelection selection) {
    Checkpoint checkpoint = Checkpoint.open(directory).withPooling(Pooling.MEAN);
    try (Backend backend = Backends.onClassPath().open(engine, BackendConfig.defaults());
        Model model = Model.open(checkpoint, backend)) {
      TaskData data = TaskData.readLabelled(model, selection);
      return Evaluation.of(model, data.encoded(), RunSettings.defaults());
    }
  }
}
