package org.bertology.core.importance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** {@code Σ_i s} and {@code Σ_i |s|} of every example and unit, filled batch by batch. */
final class ExampleScores {
  private final ExampleMatrix signed;
  private final ExampleMatrix magnitude;
  private final int[] tokens;

  ExampleScores(int examples, int[] widths) {
    this.signed = new ExampleMatrix(examples, widths, ImportanceGraph::signed);
    this.magnitude = new ExampleMatrix(examples, widths, ImportanceGraph::magnitude);
    this.tokens = new int[examples];
  }

  void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    signed.add(batch, results);
    magnitude.add(batch, results);
    for (EncodedExample example : batch) {
      tokens[example.index()] = example.length();
    }
  }

  int examples() {
    return tokens.length;
  }

  /** {@code Σ_i s}. */
  ExampleMatrix signed() {
    return signed;
  }

  long tokens() {
    return Arrays.stream(tokens).asLongStream().sum();
  }

  /** The criterion's score of every unit, with each example counted as often as said. */
  double[] score(Criterion criterion, int[] counts, int oneTokenUnits) {
    int units = signed.units();
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
      boolean byTokens = criterion == Criterion.TOKEN_GRADIENT && unit < units - oneTokenUnits;
      sums[unit] /= byTokens ? drawnTokens : drawn;
    }
    return sums;
  }

  private void addExample(Criterion criterion, int n, int count, double[] sums) {
    float[] row = (criterion == Criterion.TOKEN_GRADIENT ? magnitude : signed).row(n);
    // A loop for each criterion: thousands of resamples of thousands of neurons come through here.
    switch (criterion) {
      case GRADIENT -> {
        for (int unit = 0; unit < sums.length; unit++) {
          sums[unit] += count * (double) Math.abs(row[unit]);
        }
      }
      case FISHER -> {
        for (int unit = 0; unit < sums.length; unit++) {
          sums[unit] += count * ((double) row[unit] * row[unit]);
        }
      }
      case SIGNED, TOKEN_GRADIENT -> {
        for (int unit = 0; unit < sums.length; unit++) {
          sums[unit] += count * (double) row[unit];
        }
      }
      case BATCH_GRADIENT, HF_SCRIPT ->
          throw new IllegalArgumentException(criterion + " depends on the order");
    }
  }

  /**
   * Scores of gradients of batch means in the order of the data, each taken by itself or added to
   * those before it.
   */
  double[] batchScore(int batchSize, boolean running) {
    int units = signed.units();
    double[] sums = new double[units];
    double[] gradient = new double[units];
    for (int start = 0; start < examples(); start += batchSize) {
      int end = Math.min(examples(), start + batchSize);
      for (int unit = 0; unit < units; unit++) {
        double sum = 0;
        for (int n = start; n < end; n++) {
          sum += signed.row(n)[unit];
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
}
