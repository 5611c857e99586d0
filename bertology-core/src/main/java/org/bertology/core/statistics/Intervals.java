package org.bertology.core.statistics;

/** The ends of 95 % intervals, one for each of several numbers, such as units. Immutable. */
public final class Intervals {
  private final double[] low;
  private final double[] high;

  /**
   * Intervals by their ends; copied.
   *
   * @throws IllegalArgumentException if there are more of one end than of the other
   */
  public Intervals(double[] low, double[] high) {
    if (low.length != high.length) {
      throw new IllegalArgumentException(
          "%d lower ends but %d upper ends".formatted(low.length, high.length));
    }
    this.low = low.clone();
    this.high = high.clone();
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
