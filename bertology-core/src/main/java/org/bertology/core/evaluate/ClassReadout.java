package org.bertology.core.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bertology.core.data.Label;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.ClassAnswers;
import org.bertology.core.metric.Metric;
import org.bertology.core.run.EncodedExample;

/** The logits of one class for each example {@code [classes]}; the largest is the prediction. */
record ClassReadout(int classes) implements Readout {
  @Override
  public int answers(EncodedExample example) {
    return 1;
  }

  @Override
  public int width() {
    return classes;
  }

  @Override
  public float[] read(float[] values, int start, EncodedExample example) {
    return Arrays.copyOfRange(values, start, start + classes);
  }

  @Override
  public List<Prediction> predictions(EncodedExample example, float[] numbers) {
    OptionalDouble label =
        example.label().isPresent()
            ? OptionalDouble.of(classIndex(example))
            : OptionalDouble.empty();
    return List.of(
        new Prediction(OptionalInt.empty(), largest(numbers, 0, classes), label, numbers));
  }

  @Override
  public boolean predictsClasses() {
    return true;
  }

  @Override
  public Answers judged(List<EncodedExample> examples, float[][] numbers, double[] losses) {
    int[] predicted = Arrays.stream(numbers).mapToInt(row -> largest(row, 0, classes)).toArray();
    return new ClassAnswers(
        predicted, examples.stream().mapToInt(ClassReadout::classIndex).toArray());
  }

  private static int classIndex(EncodedExample example) {
    if (example.label().isPresent() && example.label().get() instanceof Label.ClassIndex right) {
      return right.index();
    }
    throw new IllegalStateException("example without a class as its label: " + example);
  }

  /** The position of the largest of some numbers, counted from the first of them. */
  static int largest(float[] numbers, int first, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = numbers[first + i] > numbers[first + best] ? i : best;
    }
    return best;
  }

  @Override
  public List<Metric> metrics() {
    return classes == 2
        ? List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS)
        : List.of(Metric.ACCURACY);
  }

  @Override
  public boolean hasOneAnswer() {
    return true;
  }

  @Override
  public boolean readsOneToken() {
    return true;
  }
}
