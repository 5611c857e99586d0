package org.bertology.core.prune;

/** Why a step of a pruning is its result. */
public enum Reason {
  /** It is the last of the amounts that were asked for. */
  LAST_AMOUNT("last-amount"),
  /** It takes the most of those steps up to which the metric kept the threshold. */
  KEEPS_THRESHOLD("keeps-threshold"),
  /** No step kept the threshold, so nothing goes. */
  NOTHING_KEEPS_THRESHOLD("nothing-keeps-threshold"),
  /** It takes the least that meets the budget. */
  MEETS_BUDGET("meets-budget"),
  /** The mask was given. */
  GIVEN("given");

  private final String key;

  Reason(String key) {
    this.key = key;
  }

  /** The name in results. */
  public String key() {
    return key;
  }
}
