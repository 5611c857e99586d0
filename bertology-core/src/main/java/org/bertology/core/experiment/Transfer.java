package org.bertology.core.experiment;

import java.util.List;
import java.util.Optional;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.metric.Metric;
import org.bertology.core.statistics.Interval;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;
import org.bertology.core.statistics.PairedComparison;

/**
 * Whether the same heads matter on two data sets: Pearson's correlation, over heads, of a measure
 * without each head on one of them with the same on the other (Michel et al., 2019, section 3.4).
 *
 * @param measure that was correlated
 * @param pearson in [-1, 1]; NaN where it is not defined
 * @param interval over resampled heads, if resamples were asked for
 */
public record Transfer(Measure measure, double pearson, Optional<Interval> interval) {

  /**
   * The transfer of an ablation.
   *
   * @throws IllegalArgumentException if other heads were ablated on the other data
   */
  public static Transfer of(
      Measure measure, Ablation one, Ablation other, PairedComparison comparison) {
    if (!one.groups().equals(other.groups())) {
      throw new IllegalArgumentException("the two ablations are of different heads");
    }
    double[] scores = scores(measure, one);
    if (scores.length < 2) {
      return new Transfer(measure, Double.NaN, Optional.empty());
    }
    // Each head is an example of what the one data set says of the other.
    Outcomes heads = Outcomes.ofNumbers(scores, scores(measure, other), new double[scores.length]);
    Measure pearson = Measure.of(Metric.PEARSON);
    return new Transfer(measure, pearson.of(heads), comparison.interval(pearson, heads));
  }

  private static double[] scores(Measure measure, Ablation ablation) {
    List<Outcomes> outcomes = ablation.ablated().stream().map(Outcomes::of).toList();
    return outcomes.stream().mapToDouble(measure::of).toArray();
  }
}
