package org.bertology.core.evaluate;

import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.data.Label;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.TokenLosses;
import org.bertology.core.run.EncodedExample;

/** Nothing but the loss: a language model's logits {@code [tokens, words]} stay in the engine. */
record LossReadout() implements Readout {
  @Override
  public Optional<String> hook() {
    return Optional.empty();
  }

  @Override
  public int answers(EncodedExample example) {
    return 0;
  }

  @Override
  public int width() {
    return 0;
  }

  @Override
  public float[] read(float[] values, int start, EncodedExample example) {
    return new float[0];
  }

  @Override
  public List<Prediction> predictions(EncodedExample example, float[] numbers) {
    return List.of();
  }

  @Override
  public boolean predictsClasses() {
    return true;
  }

  @Override
  public Answers judged(List<EncodedExample> examples, float[][] numbers, double[] losses) {
    return new TokenLosses(losses, examples.stream().mapToInt(LossReadout::tokens).toArray());
  }

  /** How many words the model had to find. */
  private static int tokens(EncodedExample example) {
    if (example.label().isPresent() && example.label().get() instanceof Label.PerToken right) {
      return (int) right.indices().stream().filter(index -> index != ModelInputs.IGNORED).count();
    }
    if (example.targetLength() > 0) {
      return example.targetLength();
    }
    throw new IllegalStateException("example without labels of its tokens: " + example);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.LIKELIHOOD, Metric.PERPLEXITY);
  }
}
