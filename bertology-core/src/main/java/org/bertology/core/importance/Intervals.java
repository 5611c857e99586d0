package org.bertology.core.importance;

/** The ends of a 95 % interval for each unit, layer after layer. Immutable. */
public final class Intervals {
  private final double[] low;
  private final double[] high;

  Intervals(double[] low, double[] high) {
    this.low = low;
    this.high = high;
  }

  /** The lower end for a unit, counted through all layers. */
  public double low(int unit) {
    return low[unit];
  }

  /** The upper end for a unit, counted through all layers. */
  public double high(int unit) {
    return high[unit];
  }
}
