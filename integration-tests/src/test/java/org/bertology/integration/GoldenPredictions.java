package org.bertology.integration;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;

/**
 * What the logits of a golden folder say about the entropy of predictions and, with labels of which
 * every second one is right, about their accuracy.
 */
final class GoldenPredictions {
  private final Set<String> hooks;
  private final ModelInputs inputs;
  private final double[] logits;
  private final int rank;
  private final int classes;

  GoldenPredictions(Golden golden, Model model) {
    Tensor tensor = golden.expected().get("logits");
    hooks = model.graph(Set.of()).names().keySet();
    inputs = golden.modelInputs(model);
    logits = tensor.toDoubles();
    rank = tensor.rank();
    classes = (int) tensor.extent(-1);
  }

  private boolean areOfTokens() {
    return hooks.contains(Hooks.ACCURACY);
  }

  private Tensor input(String name) {
    Tensor tensor = inputs.tensors().get(name);
    if (tensor == null) {
      throw new IllegalStateException("the golden inputs have no '%s'".formatted(name));
    }
    return tensor;
  }

  /** Those of the folder, with other labels where each token has one. */
  ModelInputs inputs() {
    if (!areOfTokens()) {
      return inputs;
    }
    Tensor labels = input(ModelInputs.LABELS);
    long[] entries =
        IntStream.range(0, labels.size())
            .mapToLong(row -> (long) row * classes + (best(row) + row % 2) % classes)
            .toArray();
    return inputs.with(ModelInputs.LABELS, Tensor.of(entries, labels.shape()));
  }

  private int best(int row) {
    return IntStream.range(0, classes)
        .reduce((i, j) -> logits[row * classes + i] < logits[row * classes + j] ? j : i)
        .orElseThrow();
  }

  /** By hook, {@code [batch]}; empty where a model predicts numbers. */
  Map<String, double[]> expected() {
    Map<String, double[]> values = new HashMap<>();
    if (areOfTokens()) {
      double[] right = new double[logits.length / classes];
      Arrays.setAll(right, row -> 1 - row % 2);
      values.put(Hooks.ACCURACY, weighted(right));
      values.put(Hooks.ENTROPY, weighted(entropies()));
    } else if (hooks.contains(Hooks.ENTROPY) && isOfExamples()) {
      values.put(Hooks.ENTROPY, entropies());
    }
    return values;
  }

  /** Whether there are classes of each example, and not a number of each token. */
  private boolean isOfExamples() {
    return rank == 2 && !inputs.tensors().containsKey(ModelInputs.LABEL_WEIGHTS);
  }

  private double[] entropies() {
    double[] entropies = new double[logits.length / classes];
    Arrays.setAll(entropies, this::entropy);
    return entropies;
  }

  private double entropy(int row) {
    double[] some = Arrays.copyOfRange(logits, row * classes, (row + 1) * classes);
    double all = Arrays.stream(some).map(Math::exp).sum();
    return -Arrays.stream(some).map(Math::exp).map(e -> e / all * Math.log(e / all)).sum();
  }

  /** Sums over the tokens of each example by the weights of their labels. */
  private double[] weighted(double[] ofTokens) {
    double[] weights = input(ModelInputs.LABEL_WEIGHTS).toDoubles();
    double[] sums = new double[inputs.batch()];
    for (int i = 0; i < weights.length; i++) {
      sums[i * sums.length / weights.length] += weights[i] * ofTokens[i];
    }
    return sums;
  }
}
