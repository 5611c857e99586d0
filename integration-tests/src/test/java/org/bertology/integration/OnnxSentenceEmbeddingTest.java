package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.bertology.core.data.GlueTask;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.metric.Metric;
import org.bertology.core.task.DataSelection;
import org.junit.jupiter.api.Test;

final class OnnxSentenceEmbeddingTest extends SentenceEmbeddingContract {
  /** Of the whole development set, rounded in the reference's last digits; ranks may change. */
  private static final Offset<Double> CORRELATION = Offset.offset(1e-4);

  OnnxSentenceEmbeddingTest() {
    super("onnx");
  }

  @Test
  void correlationsWithScoresEqualTheReference() {
    Path directory = Shared.path("models/minilm-sentence");
    DataSelection selection = DataSelection.of(Shared.path("data/glue-stsb"), GlueTask.STSB);

    Predictions predictions = predictions(directory, selection);

    assertThat(predictions.judged().metric(Metric.SPEARMAN)).isCloseTo(0.8673, CORRELATION);
    assertThat(predictions.judged().metric(Metric.PEARSON)).isCloseTo(0.8697, CORRELATION);
  }
}
