package org.bertology.core.importance;

import java.util.Locale;
import org.bertology.api.model.Hooks;

/** What importance is the derivative of. */
public enum Objective {
  /** The loss of each example, which needs labels. */
  LOSS(Hooks.LOSS),
  /** The entropy of what is predicted for each example, which needs none. */
  ENTROPY(Hooks.ENTROPY);

  private final String hook;

  Objective(String hook) {
    this.hook = hook;
  }

  /** The value in the model's graph, {@code [batch]}. */
  String hook() {
    return hook;
  }

  /** What follows the name of a criterion in a title: nothing for the loss. */
  public String inTitle() {
    return this == LOSS ? "" : " of the " + key();
  }

  /** The name in commands and results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
