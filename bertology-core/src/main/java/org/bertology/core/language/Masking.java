package org.bertology.core.language;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tokens of a text are hidden from a masked language model, for it to find. */
public sealed interface Masking {
  /** 15 % of the tokens, as many as BERT was trained with (Devlin et al., 2019). */
  Masking USUAL = new Part(0.15);

  /** The name in commands: {@code 15%}, {@code each} or {@code each:8}. */
  String text();

  /** What is hidden, in words. */
  String description();

  /** Whether chance has a part in it. */
  boolean isDrawn();

  /** Whether each example hides a single token. */
  boolean isOneByOne();

  /**
   * The places that are hidden at once, for each example that is made of a text.
   *
   * @param words the places of all tokens that can be hidden, ascending; one at least
   */
  List<int[]> places(int[] words, SplittableRandom random);

  /**
   * The masking that a text stands for.
   *
   * @throws IllegalArgumentException if it stands for none
   */
  static Masking parse(String text) {
    Matcher percent = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)%").matcher(text);
    if (percent.matches()) {
      return new Part(Double.parseDouble(percent.group(1)) / 100);
    }
    Matcher some = Pattern.compile("each:(\\d{1,9})").matcher(text);
    if (some.matches()) {
      return new Each(OptionalInt.of(Integer.parseInt(some.group(1))));
    }
    if (text.equals("each")) {
      return new Each(OptionalInt.empty());
    }
    throw new IllegalArgumentException(
        "unknown masking '%s'; expected a part of the tokens such as 15%%, or each, or each:N with a number of tokens"
            .formatted(text));
  }

  /**
   * A part of the tokens, at least one, all hidden at once.
   *
   * @param fraction above 0 and up to 1
   */
  record Part(double fraction) implements Masking {
    public Part {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            "the part of the tokens to hide must be above 0 and up to 1, got " + fraction);
      }
    }

    @Override
    public String text() {
      BigDecimal percent = BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros();
      return percent.toPlainString() + "%";
    }

    @Override
    public String description() {
      return text() + " of the tokens, hidden at once";
    }

    @Override
    public boolean isDrawn() {
      return fraction < 1;
    }

    @Override
    public boolean isOneByOne() {
      return false;
    }

    @Override
    public List<int[]> places(int[] words, SplittableRandom random) {
      return List.of(drawn(words, (int) Math.max(1, Math.round(fraction * words.length)), random));
    }
  }

  /**
   * Each token by itself while all others are seen: the pseudo-likelihood of Salazar et al. (2020).
   *
   * @param tokens how many of each text; if absent, all
   */
  record Each(OptionalInt tokens) implements Masking {
    public Each {
      if (tokens.isPresent() && tokens.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "the number of tokens to hide must be at least 1, got " + tokens.getAsInt());
      }
    }

    @Override
    public String text() {
      return tokens.isPresent() ? "each:" + tokens.getAsInt() : "each";
    }

    @Override
    public String description() {
      return tokens.isPresent()
          ? "%d tokens of each text, hidden one by one".formatted(tokens.getAsInt())
          : "all tokens, hidden one by one";
    }

    @Override
    public boolean isDrawn() {
      return tokens.isPresent();
    }

    @Override
    public boolean isOneByOne() {
      return true;
    }

    @Override
    public List<int[]> places(int[] words, SplittableRandom random) {
      int count = Math.min(words.length, tokens.orElse(words.length));
      return Arrays.stream(drawn(words, count, random)).mapToObj(word -> new int[] {word}).toList();
    }
  }

  /** So many of some places, ascending. */
  private static int[] drawn(int[] places, int count, SplittableRandom random) {
    int[] drawn = places.clone();
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i, drawn.length);
      int place = drawn[other];
      drawn[other] = drawn[i];
      drawn[i] = place;
    }
    int[] first = Arrays.copyOf(drawn, count);
    Arrays.sort(first);
    return first;
  }
}
