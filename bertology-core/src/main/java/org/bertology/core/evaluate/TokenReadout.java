package org.bertology.core.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.data.Label;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.TokenAnswers;
import org.bertology.core.run.EncodedExample;

/**
 * The logits for some tokens of each example {@code [tokens, width]}, see {@link
 * EncodedExample#answeredTokens}.
 *
 * @param names of the classes
 * @param width one logit for each class, or 1 that is above zero for the second of two
 */
record TokenReadout(List<String> names, int width) implements Readout {
  TokenReadout {
    names = List.copyOf(names);
  }

  static TokenReadout ofClasses(List<String> names) {
    return new TokenReadout(names, names.size());
  }

  static TokenReadout ofOneNumber(List<String> names) {
    return new TokenReadout(names, 1);
  }

  @Override
  public int answers(EncodedExample example) {
    return example.answeredTokens().length;
  }

  private static boolean isLabelled(EncodedExample example, int token) {
    return label(example, token) != ModelInputs.IGNORED;
  }

  private static int label(EncodedExample example, int token) {
    if (example.label().isPresent() && example.label().get() instanceof Label.PerToken right) {
      return right.indices().get(token);
    }
    throw new IllegalStateException("example without labels of its tokens: " + example);
  }

  /** The class of an answer. */
  private int predicted(float[] numbers, int answer) {
    if (width == names.size()) {
      return ClassReadout.largest(numbers, answer * width, width);
    }
    return numbers[answer] > 0 ? 1 : 0;
  }

  @Override
  public float[] read(float[] values, int start, EncodedExample example) {
    int[] tokens = example.answeredTokens();
    float[] numbers = new float[tokens.length * width];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(values, start + tokens[i] * width, numbers, i * width, width);
    }
    return numbers;
  }

  @Override
  public List<Prediction> predictions(EncodedExample example, float[] numbers) {
    List<Prediction> predictions = new ArrayList<>();
    for (int token : example.answeredTokens()) {
      int first = predictions.size() * width;
      predictions.add(
          new Prediction(
              example.word(token),
              predicted(numbers, predictions.size()),
              known(example, token),
              Arrays.copyOfRange(numbers, first, first + width)));
    }
    return predictions;
  }

  private static OptionalDouble known(EncodedExample example, int token) {
    return example.label().isPresent() && isLabelled(example, token)
        ? OptionalDouble.of(label(example, token))
        : OptionalDouble.empty();
  }

  @Override
  public boolean predictsClasses() {
    return true;
  }

  @Override
  public Answers judged(List<EncodedExample> examples, float[][] numbers, double[] losses) {
    int[][] predicted = new int[examples.size()][];
    int[][] labels = new int[examples.size()][];
    for (int i = 0; i < predicted.length; i++) {
      EncodedExample example = examples.get(i);
      int[] tokens = example.answeredTokens();
      int[] labelled =
          IntStream.range(0, tokens.length).filter(j -> isLabelled(example, tokens[j])).toArray();
      float[] row = numbers[i];
      predicted[i] = Arrays.stream(labelled).map(j -> predicted(row, j)).toArray();
      labels[i] = Arrays.stream(labelled).map(j -> label(example, tokens[j])).toArray();
    }
    return TokenAnswers.of(names, predicted, labels);
  }

  @Override
  public List<Metric> metrics() {
    return TokenAnswers.areEntityTags(names)
        ? List.of(
            Metric.ENTITY_F1,
            Metric.ENTITY_PRECISION,
            Metric.ENTITY_RECALL,
            Metric.ACCURACY,
            Metric.MACRO_F1)
        : List.of(Metric.ACCURACY, Metric.MACRO_F1);
  }
}
