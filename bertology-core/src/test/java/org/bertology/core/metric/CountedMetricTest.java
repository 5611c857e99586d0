package org.bertology.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counting an example several times is the same as copying it. */
class CountedMetricTest {
  private static final double ROUNDING = 1e-12;
  private static final int EXAMPLES = 60;

  private final SplittableRandom random = new SplittableRandom(5);

  private int[] ints(int bound) {
    return random.ints(EXAMPLES, 0, bound).toArray();
  }

  private static int[] copied(int[] counts) {
    return IntStream.range(0, counts.length)
        .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
        .toArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCURACY", "F1", "ACCURACY_AND_F1", "MATTHEWS"})
  void ofClasses(Metric metric) {
    int[] predictions = ints(3);
    int[] labels = ints(3);
    int[] counts = ints(4);
    int[] copies = copied(counts);

    double counted = new ClassAnswers(predictions, labels).counted(metric).applyAsDouble(counts);

    int[] copiedPredictions = Arrays.stream(copies).map(i -> predictions[i]).toArray();
    int[] copiedLabels = Arrays.stream(copies).map(i -> labels[i]).toArray();
    assertThat(counted)
        .isEqualTo(metric.of(Classification.of(copiedPredictions, copiedLabels)))
        .isNotZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"PEARSON", "SPEARMAN", "CORRELATION", "KENDALL"})
  void ofNumbersWithTies(Metric metric) {
    double[] predictions = Arrays.stream(ints(12)).mapToDouble(i -> i * 0.37 - 2).toArray();
    double[] labels = Arrays.stream(ints(9)).mapToDouble(i -> Math.exp(i * 0.5)).toArray();
    int[] counts = ints(4);
    int[] copies = copied(counts);

    double counted = new NumberAnswers(predictions, labels).counted(metric).applyAsDouble(counts);

    double[] copiedPredictions = Arrays.stream(copies).mapToDouble(i -> predictions[i]).toArray();
    double[] copiedLabels = Arrays.stream(copies).mapToDouble(i -> labels[i]).toArray();
    assertThat(counted).isCloseTo(of(metric, copiedPredictions, copiedLabels), within(ROUNDING));
  }

  private static double of(Metric metric, double[] predictions, double[] labels) {
    double pearson = Correlation.pearson(predictions, labels);
    double spearman = Correlation.spearman(predictions, labels);
    return switch (metric) {
      case PEARSON -> pearson;
      case SPEARMAN -> spearman;
      case CORRELATION -> (pearson + spearman) / 2;
      default -> Correlation.kendallTauB(predictions, labels);
    };
  }

  @Test
  void correlationsAreNotDefinedWhereWhatCountsIsConstantOrNotFinite() {
    double[] predictions = {1, 1, 2, Double.NaN};
    double[] labels = {1, 2, 3, 4};
    Answers answers = new NumberAnswers(predictions, labels);
    ToDoubleFunction<int[]> pearson = answers.counted(Metric.PEARSON);
    ToDoubleFunction<int[]> spearman = answers.counted(Metric.SPEARMAN);

    assertThat(pearson.applyAsDouble(new int[] {2, 2, 0, 0})).isNaN();
    assertThat(spearman.applyAsDouble(new int[] {2, 2, 0, 0})).isNaN();
    assertThat(pearson.applyAsDouble(new int[] {1, 1, 1, 1})).isNaN();
    assertThat(spearman.applyAsDouble(new int[] {1, 1, 1, 1})).isNaN();
    assertThat(spearman.applyAsDouble(new int[] {0, 1, 3, 0})).isCloseTo(1, within(ROUNDING));
  }

  @Test
  void metricsOfTheOtherKindAreRefused() {
    assertThatThrownBy(() -> new NumberAnswers(new double[2], new double[2]).counted(Metric.F1))
        .hasMessage("f1 compares class indices, got real numbers; use pearson or spearman");
    assertThatThrownBy(() -> new ClassAnswers(new int[2], new int[2]).counted(Metric.PEARSON))
        .hasMessageStartingWith("pearson compares real numbers");
  }
}
