package org.bertology.core.importance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** {@code Σ_i s} and {@code Σ_i |s|} of every example and unit, filled batch by batch. */
final class ExampleScores {
  private final int[] widths;
  private final int units;
  private final float[][] signed;
  private final float[][] magnitude;
  private final int[] tokens;

  ExampleScores(int examples, int[] widths) {
    this.widths = widths;
    this.units = Arrays.stream(widths).sum();
    this.signed = new float[examples][units];
    this.magnitude = new float[examples][units];
    this.tokens = new int[examples];
  }

  void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    int start = 0;
    for (int layer = 0; layer < widths.length; layer++) {
      if (widths[layer] > 0) {
        copy(batch, results.get(ImportanceGraph.signed(layer)), signed, start, widths[layer]);
        copy(batch, results.get(ImportanceGraph.magnitude(layer)), magnitude, start, widths[layer]);
      }
      start += widths[layer];
    }
    for (EncodedExample example : batch) {
      tokens[example.index()] = example.length();
    }
  }

  private static void copy(
      List<EncodedExample> batch, Tensor tensor, float[][] target, int start, int width) {
    float[] values = tensor.toFloats();
    for (int row = 0; row < batch.size(); row++) {
      System.arraycopy(values, row * width, target[batch.get(row).index()], start, width);
    }
  }

  int examples() {
    return tokens.length;
  }

  int units() {
    return units;
  }

  /** {@code Σ_i s} of one example and unit. */
  double signed(int example, int unit) {
    return signed[example][unit];
  }

  long tokens() {
    return Arrays.stream(tokens).asLongStream().sum();
  }

  /** The criterion's score of every unit, with each example counted as often as said. */
  double[] score(Criterion criterion, int[] counts, int firstTokenUnits) {
    double[] sums = new double[units];
    long drawn = 0;
    long drawnTokens = 0;
    for (int n = 0; n < counts.length; n++) {
      if (counts[n] > 0) {
        addExample(criterion, n, counts[n], sums);
        drawn += counts[n];
        drawnTokens += (long) counts[n] * tokens[n];
      }
    }
    for (int unit = 0; unit < units; unit++) {
      boolean byTokens =
          criterion == Criterion.TOKEN_GRADIENT && unit < units - firstTokenUnits;
      sums[unit] /= byTokens ? drawnTokens : drawn;
    }
    return sums;
  }

  private void addExample(Criterion criterion, int n, int count, double[] sums) {
    float[] row = criterion == Criterion.TOKEN_GRADIENT ? magnitude[n] : signed[n];
    for (int unit = 0; unit < units; unit++) {
      double s = row[unit];
      sums[unit] +=
          count
              * switch (criterion) {
                case GRADIENT -> Math.abs(s);
                case FISHER -> s * s;
                case SIGNED, TOKEN_GRADIENT -> s;
                case BATCH_GRADIENT, HF_SCRIPT ->
                    throw new IllegalArgumentException(criterion + " depends on the order");
              };
    }
  }

  /**
   * Scores of gradients of batch means in the order of the data, each taken by itself or added to
   * those before it.
   */
  double[] batchScore(int batchSize, boolean running) {
    double[] sums = new double[units];
    double[] gradient = new double[units];
    for (int start = 0; start < examples(); start += batchSize) {
      int end = Math.min(examples(), start + batchSize);
      for (int unit = 0; unit < units; unit++) {
        double sum = 0;
        for (int n = start; n < end; n++) {
          sum += signed[n][unit];
        }
        gradient[unit] = sum / (end - start) + (running ? gradient[unit] : 0);
        sums[unit] += Math.abs(gradient[unit]);
      }
    }
    long total = tokens();
    for (int unit = 0; unit < units; unit++) {
      sums[unit] /= total;
    }
    return sums;
  }

  /** {@code Σ_i s}, row-major {@code [examples, units]}. */
  float[] signedMatrix() {
    float[] matrix = new float[examples() * units];
    for (int n = 0; n < examples(); n++) {
      System.arraycopy(signed[n], 0, matrix, n * units, units);
    }
    return matrix;
  }
}
