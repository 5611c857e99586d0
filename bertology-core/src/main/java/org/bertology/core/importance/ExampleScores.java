package org.bertology.core.importance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bertology.api.model.Stack;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** {@code Σ_i s} and {@code Σ_i |s|} of every example and unit, filled batch by batch. */
final class ExampleScores {
  private final ExampleMatrix signed;
  private final ExampleMatrix magnitude;
  private final int[] widths;
  private final TokenCounts tokens;

  /**
   * No scores yet.
   *
   * @param widths units per layer
   * @param stacks what each layer is part of
   */
  ExampleScores(int examples, int[] widths, List<Stack> stacks) {
    this.widths = widths.clone();
    this.signed = new ExampleMatrix(examples, widths, ImportanceGraph::signed);
    this.magnitude = new ExampleMatrix(examples, widths, ImportanceGraph::magnitude);
    this.tokens = new TokenCounts(examples, stacks);
  }

  void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    signed.add(batch, results);
    magnitude.add(batch, results);
    tokens.add(batch);
  }

  int examples() {
    return tokens.examples();
  }

  /** {@code Σ_i s}. */
  ExampleMatrix signed() {
    return signed;
  }

  TokenCounts tokens() {
    return tokens;
  }

  /** The criterion's score of every unit, with each example counted as often as said. */
  double[] score(Criterion criterion, int[] counts, int oneTokenUnits) {
    int units = signed.units();
    double[] sums = new double[units];
    long drawn = 0;
    for (int n = 0; n < counts.length; n++) {
      if (counts[n] > 0) {
        addExample(criterion, n, counts[n], sums);
        drawn += counts[n];
      }
    }
    double[] drawnTokens = perUnit(tokens.byLayer(counts));
    for (int unit = 0; unit < units; unit++) {
      boolean byTokens = criterion == Criterion.TOKEN_GRADIENT && unit < units - oneTokenUnits;
      sums[unit] /= byTokens ? drawnTokens[unit] : drawn;
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
    double[] total = perUnit(tokens.byLayer());
    for (int unit = 0; unit < units; unit++) {
      sums[unit] /= total[unit];
    }
    return sums;
  }

  /** Each layer's number for all of its units. */
  private double[] perUnit(double[] byLayer) {
    double[] units = new double[signed.units()];
    int start = 0;
    for (int layer = 0; layer < widths.length; layer++) {
      Arrays.fill(units, start, start + widths[layer], byLayer[layer]);
      start += widths[layer];
    }
    return units;
  }
}
