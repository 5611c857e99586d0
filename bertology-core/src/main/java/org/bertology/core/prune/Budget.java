package org.bertology.core.prune;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The most that a pruned model may cost.
 *
 * @param quantity what is bounded
 * @param limit in parameters, operations, bytes or seconds; or, if relative, a fraction of what the
 *     whole model costs, above 0 and below 1
 * @param relative which of the two it is
 */
public record Budget(Quantity quantity, double limit, boolean relative) {
  private static final Pattern FORM =
      Pattern.compile("(\\w+)\\s*=\\s*(\\d+(?:\\.\\d+)?)\\s*([a-zA-Z]*|%)");
  private static final Map<String, Double> COUNTS =
      Map.of("", 1.0, "k", 1e3, "m", 1e6, "g", 1e9, "t", 1e12);
  private static final Map<String, Double> SIZES =
      Map.of(
          "",
          1.0,
          "b",
          1.0,
          "kb",
          1e3,
          "mb",
          1e6,
          "gb",
          1e9,
          "kib",
          1024.0,
          "mib",
          1048576.0,
          "gib",
          1073741824.0);
  private static final Map<String, Double> TIMES = Map.of("s", 1.0, "ms", 1e-3, "us", 1e-6);

  public Budget {
    if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a budget of %s must be positive, got %s".formatted(quantity.key(), limit));
    }
    if (relative && limit >= 1) {
      throw new IllegalArgumentException(
          "a budget of %s must be below 100%% of what the whole model has, got %s%%"
              .formatted(
                  quantity.key(), BigDecimal.valueOf(limit).scaleByPowerOfTen(2).toPlainString()));
    }
  }

  /**
   * A budget as users write it: {@code parameters=50%}, {@code flops=1.5G}, {@code bytes=20MB},
   * {@code latency=5ms}.
   *
   * @throws IllegalArgumentException if it is of another form or out of range
   */
  public static Budget parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no budget; expected one such as parameters=50%%, flops=1.5G, bytes=20MB or latency=5ms"
              .formatted(text));
    }
    Quantity quantity = quantity(matcher.group(1));
    BigDecimal number = new BigDecimal(matcher.group(2));
    String unit = matcher.group(3).toLowerCase(Locale.ROOT);
    if (unit.equals("%")) {
      return new Budget(quantity, number.scaleByPowerOfTen(-2).doubleValue(), true);
    }
    Map<String, Double> units = units(quantity);
    Double factor = units.get(unit);
    if (factor == null) {
      throw new IllegalArgumentException(
          "'%s' is no budget: %s has no unit '%s'; use %% or one of %s"
              .formatted(
                  text,
                  quantity.key(),
                  matcher.group(3),
                  units.keySet().stream()
                      .filter(name -> !name.isEmpty())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    return new Budget(quantity, number.doubleValue() * factor, false);
  }

  private static Quantity quantity(String name) {
    return Arrays.stream(Quantity.values())
        .filter(quantity -> quantity.key().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a budget is one of %s, got '%s'"
                        .formatted(
                            Arrays.stream(Quantity.values())
                                .map(Quantity::key)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  private static Map<String, Double> units(Quantity quantity) {
    return switch (quantity) {
      case PARAMETERS, FLOPS -> COUNTS;
      case BYTES -> SIZES;
      case LATENCY -> TIMES;
    };
  }

  /** The most that a pruned model may cost, in the quantity's own unit. */
  public double bound(double original) {
    return relative ? limit * original : limit;
  }
}
