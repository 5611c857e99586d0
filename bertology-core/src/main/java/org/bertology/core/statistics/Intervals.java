package org.bertology.core.statistics;

/** The ends of 95 % intervals, one for each of several numbers, such as units. Immutable. */
public final class Intervals {
  private final double[] low;
  private final double[] high;

  Intervals(double[] low, double[] high) {
    this.low = low;
    this.high = high;
  }

  /** How many intervals there are. */
  public int size() {
    return low.length;
  }

  /** The lower end of one of them; of a model's units, counted through all layers. */
  public double low(int index) {
    return low[index];
  }

  /** The upper end of one of them; of a model's units, counted through all layers. */
  public double high(int index) {
    return high[index];
  }

  /** One of them. */
  public Interval get(int index) {
    return new Interval(low[index], high[index]);
  }
}
