package org.bertology.core.benchmark;

import java.util.Locale;

/** The forms of a model that are timed side by side. */
public enum Contender {
  /** As it is. */
  DENSE,
  /** With a mask as an input: everything is computed, and some of it multiplied by zero. */
  MASKED,
  /** What the mask leaves, with the rest taken out. */
  CUT;

  /** The name in commands and results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
