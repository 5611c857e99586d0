package org.bertology.core.prune;

/**
 * Other orders that a pruning is compared with, each at the same numbers of units.
 *
 * @param randomDraws orders drawn at random
 * @param reverse whether to take the best units first
 * @param leaveOneOut whether to order units by the loss without each of them
 */
public record Baselines(int randomDraws, boolean reverse, boolean leaveOneOut) {
  /** Nothing to compare with. */
  public static final Baselines NONE = new Baselines(0, false, false);

  public Baselines {
    if (randomDraws < 0) {
      throw new IllegalArgumentException("random draws must not be negative, got " + randomDraws);
    }
  }

  /** Five random orders, the reverse order, and leave-one-out. */
  public static Baselines all() {
    return new Baselines(5, true, true);
  }

  public Baselines withRandomDraws(int changed) {
    return new Baselines(changed, reverse, leaveOneOut);
  }

  public Baselines withReverse(boolean changed) {
    return new Baselines(randomDraws, changed, leaveOneOut);
  }

  public Baselines withLeaveOneOut(boolean changed) {
    return new Baselines(randomDraws, reverse, changed);
  }
}
