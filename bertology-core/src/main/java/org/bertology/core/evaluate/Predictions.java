package org.bertology.core.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * The answers and losses of every example of a data set, in its order; filled batch by batch by
 * whoever runs the model.
 */
public final class Predictions {
  private final Readout readout;
  private final EncodedData data;
  private final float[][] numbers;
  private final double[] losses;

  /** Nothing yet. */
  public Predictions(Readout readout, EncodedData data) {
    this.readout = readout;
    this.data = data;
    this.numbers = new float[data.size()][];
    this.losses = new double[data.size()];
    Arrays.fill(losses, Double.NaN);
  }

  /** Takes the {@link Readout#hooks} of a batch. */
  public void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    BatchAnswers answers = new BatchAnswers(readout, batch.size(), results);
    for (int row = 0; row < batch.size(); row++) {
      add(batch.get(row), answers.numbers(row, batch.get(row)), answers.loss(row));
    }
  }

  /**
   * Takes what was read for one example.
   *
   * @param read see {@link Readout#read}
   * @param loss NaN without a label
   */
  public void add(EncodedExample example, float[] read, double loss) {
    numbers[example.index()] = read;
    losses[example.index()] = loss;
  }

  /** What was read out of the model. */
  public Readout readout() {
    return readout;
  }

  public int size() {
    return numbers.length;
  }

  /**
   * One example's logits: {@code [labels]} or, of a model with an answer for each of some tokens,
   * {@code [tokens, labels]} row after row; a copy.
   */
  public float[] logits(int example) {
    return numbers[example].clone();
  }

  /** One example's loss; NaN without a label. */
  public double loss(int example) {
    return losses[example];
  }

  /** The mean loss over examples, of a language model over all words; NaN without labels. */
  public double meanLoss() {
    double sum = 0;
    double weights = 0;
    for (EncodedExample example : data.examples()) {
      double weight = readout.weight(example);
      sum += weight * losses[example.index()];
      weights += weight;
    }
    return sum / weights;
  }

  /** The answers to one example: one, or one for each of some tokens. */
  public List<Prediction> of(int example) {
    return readout.predictions(data.examples().get(example), numbers[example]);
  }

  /**
   * How many examples have a number or a loss that is infinite or not a number, so that their
   * predictions mean nothing: the model's weights are broken, or leave the range of the engine's
   * numbers.
   */
  public int notFinite() {
    boolean labelled = haveLabels();
    int count = 0;
    for (int example = 0; example < numbers.length; example++) {
      boolean lossIsNumber = !labelled || Double.isFinite(losses[example]);
      count += lossIsNumber && isFinite(numbers[example]) ? 0 : 1;
    }
    return count;
  }

  private static boolean isFinite(float[] row) {
    for (float number : row) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  private boolean haveLabels() {
    return data.examples().stream().allMatch(example -> example.label().isPresent());
  }

  /**
   * The answers beside the labels.
   *
   * @throws IllegalStateException if an example has no label
   */
  public Answers judged() {
    return readout.judged(data.examples(), numbers, losses);
  }

  /**
   * How many answers are right; empty without labels, and where an answer is not simply right or
   * wrong.
   */
  public Optional<Answers.Tally> tally() {
    return haveLabels() && size() > 0 ? judged().tally() : Optional.empty();
  }

  /**
   * How many answers are right.
   *
   * @throws IllegalStateException if they are not simply right or wrong, or labels are missing
   */
  public int correct() {
    return tally()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "answers are right or wrong only beside labels of classes"))
        .right();
  }

  /**
   * The metrics by their keys, in the given order; empty without labels, and with fewer examples
   * than they are defined for.
   */
  public Map<String, Double> metrics(List<Metric> metrics) {
    Map<String, Double> scores = new LinkedHashMap<>();
    if (haveLabels() && size() >= readout.leastExamples()) {
      Answers answers = judged();
      metrics.forEach(metric -> scores.put(metric.key(), answers.metric(metric)));
    }
    return scores;
  }

  /** All logits, float32 {@code [answers, labels]}, example after example. */
  public Tensor toTensor() {
    int width = readout.width();
    int all = data.examples().stream().mapToInt(readout::answers).sum();
    float[] flat = new float[all * width];
    int start = 0;
    for (float[] row : numbers) {
      System.arraycopy(row, 0, flat, start, row.length);
      start += row.length;
    }
    return Tensor.of(flat, all, width);
  }
}
