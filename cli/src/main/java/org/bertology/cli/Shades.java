package org.bertology.cli;

import java.util.Arrays;

/**
 * Background colours of a 256-colour terminal: pale to red for positive numbers, to blue for
 * negative.
 */
record Shades(double largest) {
  private static final int[] WARM = {230, 229, 222, 215, 209, 203};
  private static final int[] COLD = {195, 189, 153, 117, 111, 75};

  static Shades of(double[] scores) {
    return new Shades(
        Arrays.stream(scores).map(Math::abs).filter(Double::isFinite).max().orElse(0));
  }

  String paint(String text, double score) {
    if (largest == 0 || !Double.isFinite(score)) {
      return text;
    }
    int[] shades = score < 0 ? COLD : WARM;
    int step = Math.min(shades.length - 1, (int) (Math.abs(score) / largest * shades.length));
    return "\u001B[30;48;5;%dm%s\u001B[0m".formatted(shades[step], text);
  }
}
