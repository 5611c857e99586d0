package org.bertology.core.evaluate;

import java.util.List;
import java.util.Optional;
import org.bertology.api.model.Hooks;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.TokenLosses;
import org.bertology.core.run.EncodedExample;

/**
 * The loss of a language model, and which part of the words it found {@code [1]}: its logits {@code
 * [tokens, words]} stay in the engine.
 */
record LossReadout() implements Readout {
  @Override
  public Optional<String> hook() {
    return Optional.of(Hooks.ACCURACY);
  }

  @Override
  public List<String> hooks(boolean labelled) {
    return labelled ? List.of(Hooks.ACCURACY, Hooks.LOSS) : List.of();
  }

  @Override
  public int answers(EncodedExample example) {
    return 1;
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public float[] read(float[] values, int start, EncodedExample example) {
    return new float[] {values[start]};
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
    int[] tokens = new int[losses.length];
    int[] right = new int[losses.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = examples.get(i).answeredTokens().length;
      right[i] = Math.round(numbers[i][0] * tokens[i]);
    }
    return new TokenLosses(losses, tokens, right);
  }

  @Override
  public double weight(EncodedExample example) {
    return example.answeredTokens().length;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.PERPLEXITY, Metric.ACCURACY);
  }
}
