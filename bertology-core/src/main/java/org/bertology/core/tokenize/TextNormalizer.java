package org.bertology.core.tokenize;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * BERT's text preparation (Devlin et al., 2018).
 *
 * @param clean drop control characters and make every white space a plain space
 * @param isolateChinese put spaces around each Chinese character
 * @param stripAccents decompose (NFD) and drop the marks
 * @param lowercase lower-case each code point by itself
 */
record TextNormalizer(
    boolean clean, boolean isolateChinese, boolean stripAccents, boolean lowercase) {

  private static final int FIRST_DECOMPOSABLE = 0xC0;

  /** Normalises {@code text}, whose first character is the original's code point {@code origin}. */
  NormalizedText normalize(CharSequence text, int origin) {
    NormalizedText normalized = new NormalizedText(text.length());
    int at = origin;
    for (int i = 0; i < text.length(); at++) {
      int codePoint = Character.codePointAt(text, i);
      appendCleaned(codePoint, at, normalized);
      i += Character.charCount(codePoint);
    }
    return normalized;
  }

  private void appendCleaned(int codePoint, int origin, NormalizedText to) {
    if (clean && Characters.dropped(codePoint)) {
      return;
    }
    if (isolateChinese && Characters.chinese(codePoint)) {
      to.append(' ', origin);
      appendFolded(codePoint, origin, to);
      to.append(' ', origin);
    } else if (clean && Characters.whitespace(codePoint)) {
      to.append(' ', origin);
    } else {
      appendFolded(codePoint, origin, to);
    }
  }

  private void appendFolded(int codePoint, int origin, NormalizedText to) {
    if (codePoint < FIRST_DECOMPOSABLE) {
      to.append(lowercase ? Character.toLowerCase(codePoint) : codePoint, origin);
      return;
    }
    String folded = Character.toString(codePoint);
    if (stripAccents) {
      folded = Normalizer.normalize(folded, Normalizer.Form.NFD);
    }
    folded
        .codePoints()
        .filter(c -> !stripAccents || Character.getType(c) != Character.NON_SPACING_MARK)
        .flatMap(this::cased)
        .forEach(c -> to.append(c, origin));
  }

  // One code point at a time: a whole word would turn a last sigma into the final form, which the
  // published vocabularies were not made with. One may become several, as İ without its accents.
  private IntStream cased(int codePoint) {
    return lowercase
        ? Character.toString(codePoint).toLowerCase(Locale.ROOT).codePoints()
        : IntStream.of(codePoint);
  }
}
