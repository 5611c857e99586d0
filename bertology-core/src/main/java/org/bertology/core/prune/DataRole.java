package org.bertology.core.prune;

import java.util.Locale;

/** What a data file is for. */
public enum DataRole {
  /** Units are scored on it. */
  IMPORTANCE,
  /** Steps are evaluated on it, so that it decides how far to go. */
  DECISIONS,
  /** The result is evaluated on it, once. */
  TEST;

  /** The name in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
