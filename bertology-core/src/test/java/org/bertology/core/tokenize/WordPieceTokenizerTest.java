package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordPieceTokenizerTest {

  private final Tokenizer uncased = Tokenizer.load(Directories.resource("bert-base-uncased"));

  @ParameterizedTest
  @ValueSource(strings = {"bert-base-uncased", "bert-base-cased"})
  void singleTextsHaveTheExpectedIdsAndOffsets(String name) {
    expectedTokens(name).assertSingleTexts();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-base-uncased", "bert-base-cased"})
  void pairsHaveTheExpectedIdsAndTypes(String name) {
    expectedTokens(name).assertPairs();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-base-uncased", "bert-base-cased"})
  void pairsAreCutAsExpected(String name) {
    expectedTokens(name).assertTruncatedPairs();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-base-uncased", "bert-base-cased"})
  void thePadIdFillsRowsAsExpected(String name) {
    expectedTokens(name).assertPaddedBatch();
  }

  private static ExpectedTokens expectedTokens(String name) {
    return new ExpectedTokens(
        Tokenizer.load(Directories.resource(name)),
        Expected.read(Directories.resource(name + "/expected.json")));
  }

  @Test
  void splitWordsHaveTheExpectedIdsAndWordIds() {
    expectedTokens("bert-base-uncased")
        .assertWords(Expected.words(Directories.resource("bert-base-uncased/expected-words.json")));
  }

  @Test
  void offsetsOfSplitWordsCountWithinEachWord() {
    Encoding encoding = uncased.encodeWords(List.of("naïve", "unaffable"), 64);

    assertThat(encoding.tokens())
        .extracting(Token::wordId, Token::start, Token::end)
        .containsExactly(
            tuple(-1, 0, 0),
            tuple(0, 0, 5),
            tuple(1, 0, 3),
            tuple(1, 3, 6),
            tuple(1, 6, 9),
            tuple(-1, 0, 0));
  }

  @Test
  void wordIdsOfATextCountSpacesAndPunctuation() {
    assertThat(uncased.encode("unaffable, [MASK]!", 64).wordIds())
        .containsExactly(-1, 0, 0, 0, 1, 2, 3, -1);
  }

  @Test
  void tokensCutTheirTextEvenAfterAnEmoji() {
    String text = "👍🏽 Café!";

    assertThat(uncased.encode(text, 64).tokens())
        .extracting(token -> token.in(text))
        .containsExactly("", "👍🏽", "Café", "!", "");
  }

  @Test
  void onlyAddedSpecialTokensAreSpecial() {
    assertThat(uncased.encodePair("a [SEP]", "b", 64).tokens())
        .extracting(Token::special, Token::segment)
        .containsExactly(
            tuple(true, -1),
            tuple(false, 0),
            tuple(false, 0),
            tuple(true, -1),
            tuple(false, 1),
            tuple(true, -1));
  }

  @Test
  void aLongTextIsCutAtTheMaximumLength() {
    Encoding encoding = uncased.encode("one two three four", 4);

    assertThat(encoding.ids()).containsExactly(101, 2028, 2048, 102);
    assertThat(encoding.truncated()).isTrue();
  }

  @Test
  void splitWordsAreCutAtTheMaximumLength() {
    Encoding encoding = uncased.encodeWords(List.of("one", "two", "three"), 4);

    assertThat(encoding.wordIds()).containsExactly(-1, 0, 1, -1);
    assertThat(encoding.truncated()).isTrue();
  }

  @Test
  void aMaximumLengthWithoutRoomForTextIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> uncased.encode("text", 2))
        .withMessage(
            "a maximum length of 2 leaves no room for text beside 2 special tokens;"
                + " give 3 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> uncased.encodePair("a", "b", 3))
        .withMessageContaining("beside 3 special tokens");
  }

  @Test
  void idsAndTokensBelongTogether() {
    assertThat(uncased.vocabularySize()).isEqualTo(30_522);
    assertThat(uncased.token(103)).isEqualTo("[MASK]");
    assertThat(uncased.id("[MASK]")).hasValue(103);
    assertThat(uncased.id("no such token")).isEmpty();
    assertThat(uncased.padId()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> uncased.token(30_522))
        .withMessage("no token has the id 30522; the vocabulary has ids from 0 to 30521");
  }

  @Test
  void aTextTakesFarLessThanAMillisecond() {
    String text = "it 's a charming and often affecting journey of the human spirit . ".repeat(2);
    for (int i = 0; i < 2_000; i++) {
      uncased.encode(text, 128);
    }

    long start = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      uncased.encode(text, 128);
    }

    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }
}
