package org.bertology.core.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.core.metric.Metric;

/**
 * How variants of a model are compared with it on the same examples: intervals by the paired {@link
 * Bootstrap}; significance by the {@link McNemar} for the accuracy of one answer per example and
 * the {@link Randomization} for all other measures. The same settings and outcomes give the same
 * numbers.
 *
 * @param resamples of the bootstrap; 0 for no intervals
 * @param randomizations of the randomization test
 * @param seed of both
 * @param correction of the p-values for the number of variants
 */
public record PairedComparison(
    int resamples, int randomizations, long seed, Correction correction) {

  public PairedComparison {
    if (resamples < 0) {
      throw new IllegalArgumentException("resamples must not be negative, got " + resamples);
    }
    if (randomizations < 1) {
      throw new IllegalArgumentException(
          "randomizations must be at least 1, got " + randomizations);
    }
  }

  /** 1,000 resamples, 9,999 randomizations, seed 42, Holm's correction. */
  public static PairedComparison defaults() {
    return new PairedComparison(1000, 9999, 42, Correction.HOLM);
  }

  public PairedComparison withResamples(int changed) {
    return new PairedComparison(changed, randomizations, seed, correction);
  }

  public PairedComparison withRandomizations(int changed) {
    return new PairedComparison(resamples, changed, seed, correction);
  }

  public PairedComparison withSeed(long changed) {
    return new PairedComparison(resamples, randomizations, changed, correction);
  }

  public PairedComparison withCorrection(Correction changed) {
    return new PairedComparison(resamples, randomizations, seed, changed);
  }

  /** The interval of a measure of one model; empty if no resamples were asked for. */
  public Optional<Interval> interval(Measure measure, Outcomes outcomes) {
    return resamples == 0
        ? Optional.empty()
        : Optional.of(new Bootstrap(resamples, seed).interval(measure, outcomes));
  }

  /**
   * The differences of variants from a base, in the order of the variants.
   *
   * @throws IllegalArgumentException if a variant's outcomes are of other examples than the base's,
   *     or the measure is not one of such outcomes
   */
  public List<PairedDifference> of(Measure measure, Outcomes base, List<Outcomes> variants) {
    double level = measure.of(base);
    List<Optional<Interval>> intervals = intervals(measure, base, variants);
    double[] pValues = pValues(measure, base, variants);
    double[] corrected = correction.of(pValues);
    List<PairedDifference> differences = new ArrayList<>();
    for (int i = 0; i < variants.size(); i++) {
      double value = measure.of(variants.get(i));
      differences.add(
          new PairedDifference(value, value - level, intervals.get(i), pValues[i], corrected[i]));
    }
    return List.copyOf(differences);
  }

  private List<Optional<Interval>> intervals(
      Measure measure, Outcomes base, List<Outcomes> variants) {
    if (resamples == 0 || variants.isEmpty()) {
      return variants.stream().map(variant -> Optional.<Interval>empty()).toList();
    }
    Intervals all = new Bootstrap(resamples, seed).differences(measure, base, variants);
    return IntStream.range(0, all.size()).mapToObj(i -> Optional.of(all.get(i))).toList();
  }

  private double[] pValues(Measure measure, Outcomes base, List<Outcomes> variants) {
    boolean accuracy = measure.equals(Measure.of(Metric.ACCURACY));
    return accuracy && base.answers().right().isPresent()
        ? variants.stream().mapToDouble(variant -> McNemar.pValue(base, variant)).toArray()
        : new Randomization(randomizations, seed).pValues(measure, base, variants);
  }
}
