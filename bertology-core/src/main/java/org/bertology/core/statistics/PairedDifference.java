package org.bertology.core.statistics;

import java.util.Optional;

/**
 * How a variant of a model differs from it by a measure on the same examples.
 *
 * @param value the measure of the variant
 * @param difference the measure of the variant less that of the base
 * @param interval of the difference, if resamples were asked for
 * @param pValue of the difference if there were none in truth; NaN where the measure is not defined
 * @param correctedPValue the same, corrected for the number of variants
 */
public record PairedDifference(
    double value,
    double difference,
    Optional<Interval> interval,
    double pValue,
    double correctedPValue) {

  /** Whether the corrected p-value is at most a level such as 0.05. */
  public boolean isSignificant(double level) {
    return correctedPValue <= level;
  }
}
