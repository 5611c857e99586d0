package org.bertology.core.ablation;

import java.util.Locale;

/** What is taken away in each run of an ablation. */
public enum AblationMode {
  /** One unit, or group of units, and nothing else. */
  LEAVE_ONE_OUT,
  /** All units of a layer but one; the other layers keep theirs. */
  KEEP_ONE;

  /** The name in commands and results, such as {@code leave-one-out}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
