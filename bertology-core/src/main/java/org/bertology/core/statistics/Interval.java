package org.bertology.core.statistics;

/** The ends of a 95 % interval; NaN where the number that it is of was not defined often enough. */
public record Interval(double low, double high) {

  /** Whether a number lies between the ends, or on one. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
