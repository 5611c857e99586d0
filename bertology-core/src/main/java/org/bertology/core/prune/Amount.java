package org.bertology.core.prune;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * How many units go: a number of them, or a percentage of all.
 *
 * @param value a whole number of at least 1, or a percentage above 0 and up to 100
 * @param percent which of the two it is
 */
public record Amount(BigDecimal value, boolean percent) {
  private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?|\\.\\d{1,9}");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Amount {
    value = value.stripTrailingZeros();
    boolean inRange =
        percent
            ? value.signum() > 0 && value.compareTo(HUNDRED) <= 0
            : value.signum() > 0 && value.scale() <= 0;
    if (!inRange) {
      throw new IllegalArgumentException(
          "an amount is a whole number of at least 1, a percentage above 0% and up to 100%, or a fraction such as 0.1; got "
              + text(value, percent));
    }
  }

  /** A number of units. */
  public static Amount of(int count) {
    return new Amount(BigDecimal.valueOf(count), false);
  }

  /** A percentage of all units. */
  public static Amount ofPercent(double percentage) {
    return new Amount(BigDecimal.valueOf(percentage), true);
  }

  /**
   * An amount as users write it: {@code 7} for seven, {@code 10%} or {@code 0.1} for a tenth.
   *
   * @throws IllegalArgumentException if it is neither, or out of range
   */
  public static Amount parse(String text) {
    String given = text.strip();
    if (COUNT.matcher(given).matches()) {
      return new Amount(new BigDecimal(given), false);
    }
    boolean percent = given.endsWith("%");
    String number = percent ? given.substring(0, given.length() - 1).strip() : given;
    if (!NUMBER.matcher(number).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no amount; expected a number such as 7, or a part of all such as 10%% or 0.1"
              .formatted(text));
    }
    BigDecimal value = new BigDecimal(number);
    return new Amount(percent ? value : value.multiply(HUNDRED), true);
  }

  /** The number of units out of all there are; percentages are rounded down. */
  public int among(int all, String units) {
    if (percent) {
      return value
          .multiply(BigDecimal.valueOf(all))
          .divide(HUNDRED, 0, RoundingMode.DOWN)
          .intValueExact();
    }
    if (value.compareTo(BigDecimal.valueOf(all)) > 0) {
      throw new IllegalArgumentException(
          "the amount %s is more than the model's %d %s".formatted(this, all, units));
    }
    return value.intValueExact();
  }

  private static String text(BigDecimal value, boolean percent) {
    return value.toPlainString() + (percent ? "%" : "");
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text(value, percent);
  }
}
