package org.bertology.core.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Task;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.data.Label;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.Metrics;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * Logits and losses of every example of a data set, in its order; filled batch by batch by whoever
 * runs the model.
 */
public final class Predictions {
  private final Task task;
  private final EncodedData data;
  private final int outputs;
  private final float[][] logits;
  private final double[] losses;

  /** Nothing yet. */
  public Predictions(Task task, int outputs, EncodedData data) {
    this.task = task;
    this.data = data;
    this.outputs = outputs;
    this.logits = new float[data.size()][];
    this.losses = new double[data.size()];
    Arrays.fill(losses, Double.NaN);
  }

  /** Takes {@link Hooks#LOGITS} and, if there, {@link Hooks#LOSS} of a batch. */
  public void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    Tensor values = required(results, Hooks.LOGITS);
    float[] flat = values.toFloats();
    Optional<Tensor> loss = Optional.ofNullable(results.get(Hooks.LOSS));
    Optional<double[]> flatLosses = loss.map(Tensor::toDoubles);
    for (int row = 0; row < batch.size(); row++) {
      int index = batch.get(row).index();
      logits[index] = Arrays.copyOfRange(flat, row * outputs, (row + 1) * outputs);
      int position = row;
      flatLosses.ifPresent(all -> losses[index] = all[position]);
    }
  }

  private static Tensor required(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "'%s' is not among the results %s".formatted(name, results.keySet()));
    }
    return tensor;
  }

  /** What the model predicts. */
  public Task task() {
    return task;
  }

  public int size() {
    return logits.length;
  }

  /** One example's logits {@code [labels]}; a copy. */
  public float[] logits(int example) {
    return logits[example].clone();
  }

  /** One example's loss; NaN without a label. */
  public double loss(int example) {
    return losses[example];
  }

  /** The mean loss; NaN without labels. */
  public double meanLoss() {
    return Arrays.stream(losses).average().orElse(Double.NaN);
  }

  /** The most probable label, or the number that regression predicts. */
  public double predicted(int example) {
    return task == Task.REGRESSION ? logits[example][0] : largest(logits[example]);
  }

  /**
   * The true class index, or the number that regression aims at.
   *
   * @throws IllegalStateException if the example has no label
   */
  public double label(int example) {
    return target(data.examples().get(example));
  }

  private static int largest(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }

  /**
   * How many examples have a logit that is infinite or not a number, so that their predictions mean
   * nothing: the model's weights are broken, or leave the range of the engine's numbers.
   */
  public int notFinite() {
    int count = 0;
    for (float[] row : logits) {
      count += isFinite(row) ? 0 : 1;
    }
    return count;
  }

  private static boolean isFinite(float[] row) {
    for (float logit : row) {
      if (!Float.isFinite(logit)) {
        return false;
      }
    }
    return true;
  }

  /** How many predictions equal their label; classification only. */
  public int correct() {
    int correct = 0;
    for (EncodedExample example : data.examples()) {
      correct += predicted(example.index()) == target(example) ? 1 : 0;
    }
    return correct;
  }

  private static double target(EncodedExample example) {
    Label label =
        example
            .label()
            .orElseThrow(() -> new IllegalStateException("example without a label: " + example));
    return label instanceof Label.ClassIndex index ? index.index() : ((Label.Score) label).value();
  }

  private boolean haveLabels() {
    return data.examples().stream().allMatch(example -> example.label().isPresent());
  }

  /** The metrics by their keys, in the given order; empty without labels. */
  public Map<String, Double> metrics(List<Metric> metrics) {
    if (!haveLabels()) {
      return Map.of();
    }
    List<EncodedExample> examples = data.examples();
    if (task == Task.REGRESSION) {
      double[] targets = examples.stream().mapToDouble(Predictions::target).toArray();
      double[] predictions = new double[size()];
      Arrays.setAll(predictions, this::predicted);
      return new LinkedHashMap<>(Metrics.of(metrics, predictions, targets));
    }
    int[] targets = examples.stream().mapToInt(example -> (int) target(example)).toArray();
    int[] predictions = new int[size()];
    Arrays.setAll(predictions, i -> (int) predicted(i));
    return new LinkedHashMap<>(Metrics.of(metrics, predictions, targets));
  }

  /** float32 {@code [examples, labels]}. */
  public Tensor toTensor() {
    float[] flat = new float[size() * outputs];
    for (int i = 0; i < size(); i++) {
      System.arraycopy(logits[i], 0, flat, i * outputs, outputs);
    }
    return Tensor.of(flat, size(), outputs);
  }
}
