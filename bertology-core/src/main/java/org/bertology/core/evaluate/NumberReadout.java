package org.bertology.core.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bertology.core.data.Label;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.NumberAnswers;
import org.bertology.core.run.EncodedExample;

/**
 * One number for each example.
 *
 * @param metrics see {@link Readout#metrics}
 * @param readsOneToken see {@link Readout#readsOneToken}
 */
record NumberReadout(List<Metric> metrics, boolean readsOneToken) implements Readout {
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
    OptionalDouble label =
        example.label().isPresent() ? OptionalDouble.of(score(example)) : OptionalDouble.empty();
    return List.of(new Prediction(OptionalInt.empty(), numbers[0], label, numbers));
  }

  @Override
  public boolean predictsClasses() {
    return false;
  }

  @Override
  public Answers judged(List<EncodedExample> examples, float[][] numbers, double[] losses) {
    return new NumberAnswers(
        Arrays.stream(numbers).mapToDouble(row -> row[0]).toArray(),
        examples.stream().mapToDouble(NumberReadout::score).toArray());
  }

  private static double score(EncodedExample example) {
    if (example.label().isPresent() && example.label().get() instanceof Label.Score right) {
      return right.value();
    }
    throw new IllegalStateException("example without a number as its label: " + example);
  }

  @Override
  public int leastExamples() {
    return 2;
  }
}
