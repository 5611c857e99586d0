package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Compares a tokenizer with everything an {@link Expected} file says. */
final class ExpectedTokens {

  private static final int ENOUGH = 1000;

  private final Tokenizer tokenizer;
  private final Expected expected;

  ExpectedTokens(Tokenizer tokenizer, Expected expected) {
    this.tokenizer = tokenizer;
    this.expected = expected;
  }

  void assertSingleTexts() {
    assertThat(expected.single()).isNotEmpty();
    for (Expected.Single text : expected.single()) {
      Encoding encoding = tokenizer.encode(text.text(), ENOUGH);

      assertThat(encoding.ids()).as("ids of '%s'", text.text()).isEqualTo(text.ids());
      if (text.offsets() != null) {
        assertOffsets(encoding, text);
      }
      assertThat(encoding.typeIds()).containsOnly(new int[encoding.length()]);
      assertThat(encoding.truncated()).isFalse();
    }
  }

  private static void assertOffsets(Encoding encoding, Expected.Single text) {
    assertThat(column(encoding, Token::start))
        .as("starts of '%s'", text.text())
        .isEqualTo(column(text.offsets(), 0));
    assertThat(column(encoding, Token::end))
        .as("ends of '%s'", text.text())
        .isEqualTo(column(text.offsets(), 1));
  }

  void assertPairs() {
    assertThat(expected.pair()).isNotEmpty();
    expected.pair().forEach(pair -> assertPair(pair, ENOUGH));
  }

  void assertTruncatedPairs() {
    assertThat(expected.truncated()).isNotEmpty();
    expected.truncated().forEach(pair -> assertPair(pair, pair.maxLength()));
  }

  private void assertPair(Expected.Pair pair, int maxLength) {
    Encoding encoding = tokenizer.encodePair(pair.a(), pair.b(), maxLength);

    assertThat(encoding.ids()).as("ids of %s", pair).isEqualTo(pair.ids());
    if (pair.types() != null) {
      assertThat(encoding.typeIds()).as("types of %s", pair).isEqualTo(pair.types());
    }
    boolean cut = tokenizer.encodePair(pair.a(), pair.b(), ENOUGH).length() > encoding.length();
    assertThat(encoding.truncated()).as("truncated %s", pair).isEqualTo(cut);
  }

  void assertPaddedBatch() {
    Expected.Batch batch = expected.batch();
    for (int row = 0; row < batch.texts().size(); row++) {
      int[] ids = tokenizer.encode(batch.texts().get(row), ENOUGH).ids();
      int[] padded = Arrays.copyOf(ids, batch.ids()[row].length);
      Arrays.fill(padded, ids.length, padded.length, tokenizer.padId());

      assertThat(padded).as(batch.texts().get(row)).isEqualTo(batch.ids()[row]);
      assertThat(ids).hasSize(Arrays.stream(batch.mask()[row]).sum());
    }
  }

  void assertWords(List<Expected.Words> all) {
    assertThat(all).isNotEmpty();
    for (Expected.Words words : all) {
      Encoding encoding = tokenizer.encodeWords(words.words(), ENOUGH);

      int[] wordIds = Arrays.stream(words.wordIds()).mapToInt(w -> w == null ? -1 : w).toArray();
      assertThat(encoding.ids()).as("ids of %s", words.words()).isEqualTo(words.ids());
      assertThat(encoding.wordIds()).as("words of %s", words.words()).isEqualTo(wordIds);
    }
  }

  private static int[] column(Encoding encoding, ToIntFunction<Token> part) {
    return encoding.tokens().stream().mapToInt(part).toArray();
  }

  private static int[] column(int[][] rows, int column) {
    return Arrays.stream(rows).mapToInt(row -> row[column]).toArray();
  }
}
