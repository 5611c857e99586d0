package org.bertology.core.prune;

/**
 * What is never taken from a layer.
 *
 * @param keepPerLayer units that stay in every layer at least
 * @param multipleOf what stays in a layer is a multiple of this, for hardware that likes round
 *     numbers; units go in blocks of so many
 */
public record SelectionRules(int keepPerLayer, int multipleOf) {
  /** A layer may lose everything, one unit at a time. */
  public static final SelectionRules NONE = new SelectionRules(0, 1);

  public SelectionRules {
    if (keepPerLayer < 0) {
      throw new IllegalArgumentException(
          "units to keep per layer must not be negative, got " + keepPerLayer);
    }
    if (multipleOf < 1) {
      throw new IllegalArgumentException(
          "what stays in a layer is a multiple of at least 1, got " + multipleOf);
    }
  }

  public SelectionRules withKeepPerLayer(int changed) {
    return new SelectionRules(changed, multipleOf);
  }

  public SelectionRules withMultipleOf(int changed) {
    return new SelectionRules(keepPerLayer, changed);
  }
}
