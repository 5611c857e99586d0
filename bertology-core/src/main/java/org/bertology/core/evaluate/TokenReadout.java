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
 * The logits of one class for some tokens of each example {@code [tokens, classes]}: the first
 * token of each word or, where the text was not given as words, those with a label, or all.
 *
 * @param names of the classes
 */
record TokenReadout(List<String> names) implements Readout {
  TokenReadout {
    names = List.copyOf(names);
  }

  @Override
  public int answers(EncodedExample example) {
    return (int) tokens(example).count();
  }

  private static IntStream tokens(EncodedExample example) {
    IntStream all = IntStream.range(0, example.length());
    if (example.hasWords()) {
      return all.filter(token -> example.word(token).isPresent());
    }
    return example.label().isPresent() ? all.filter(token -> isLabelled(example, token)) : all;
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

  @Override
  public int width() {
    return names.size();
  }

  @Override
  public float[] read(float[] values, int start, EncodedExample example) {
    int[] tokens = tokens(example).toArray();
    float[] numbers = new float[tokens.length * width()];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(values, start + tokens[i] * width(), numbers, i * width(), width());
    }
    return numbers;
  }

  @Override
  public List<Prediction> predictions(EncodedExample example, float[] numbers) {
    List<Prediction> predictions = new ArrayList<>();
    for (int token : tokens(example).toArray()) {
      int first = predictions.size() * width();
      predictions.add(
          new Prediction(
              example.word(token),
              ClassReadout.largest(numbers, first, width()),
              known(example, token),
              Arrays.copyOfRange(numbers, first, first + width())));
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
      int[] tokens = tokens(example).toArray();
      int[] labelled =
          IntStream.range(0, tokens.length).filter(j -> isLabelled(example, tokens[j])).toArray();
      float[] row = numbers[i];
      predicted[i] =
          Arrays.stream(labelled)
              .map(j -> ClassReadout.largest(row, j * width(), width()))
              .toArray();
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
