package org.bertology.core.importance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/**
 * One number for every example and unit, {@code [examples, units]}, filled batch by batch in any
 * order.
 */
final class ExampleMatrix {
  private final int[] widths;
  private final IntFunction<String> outputs;
  private final float[][] rows;

  /**
   * A matrix of zeros.
   *
   * @param widths units per layer
   * @param outputs the name of a layer's result {@code [batch, width]}
   */
  ExampleMatrix(int examples, int[] widths, IntFunction<String> outputs) {
    this.widths = widths.clone();
    this.outputs = outputs;
    this.rows = new float[examples][Arrays.stream(widths).sum()];
  }

  void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    int start = 0;
    for (int layer = 0; layer < widths.length; layer++) {
      int width = widths[layer];
      if (width > 0) {
        float[] values = values(results, outputs.apply(layer));
        for (int row = 0; row < batch.size(); row++) {
          System.arraycopy(values, row * width, rows[batch.get(row).index()], start, width);
        }
      }
      start += width;
    }
  }

  private static float[] values(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    if (tensor == null) {
      throw new IllegalStateException("'%s' was not computed".formatted(name));
    }
    return tensor.toFloats();
  }

  int examples() {
    return rows.length;
  }

  int units() {
    return Arrays.stream(widths).sum();
  }

  /** One example's numbers, not copied. */
  float[] row(int example) {
    return rows[example];
  }

  /** The sum over examples divided by a number for each layer. */
  LayerScores sumOver(double[] divisors) {
    double[][] sums = new double[widths.length][];
    int start = 0;
    for (int layer = 0; layer < widths.length; layer++) {
      sums[layer] = new double[widths[layer]];
      for (int i = 0; i < widths[layer]; i++) {
        sums[layer][i] = sum(start + i) / divisors[layer];
      }
      start += widths[layer];
    }
    return LayerScores.of(sums);
  }

  private double sum(int unit) {
    double sum = 0;
    for (float[] row : rows) {
      sum += row[unit];
    }
    return sum;
  }

  /** float32 {@code [examples, units]}. */
  Tensor toTensor() {
    int units = units();
    float[] flat = new float[rows.length * units];
    for (int n = 0; n < rows.length; n++) {
      System.arraycopy(rows[n], 0, flat, n * units, units);
    }
    return Tensor.of(flat, rows.length, units);
  }
}
