package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeTokenizerTest {

  private static final String VOCABULARY =
      """
      {"a": 0, "b": 1, "Ġ": 2, "Ġa": 3, "ab": 4, "Ġab": 5, "ð": 6, "Ł": 7, "ĺ": 8, "Ģ": 9,
       "<s>": 10, "</s>": 11, "<pad>": 12, "<mask>": 13, "<|endoftext|>": 14, "ï": 15, "¿": 16,
       "½": 17}
      """;
  private static final String MERGES = "#version: 0.2\na b\nĠ a\nĠ ab\n";

  @TempDir private Path directory;

  @Test
  void aVocabularyWithStartAndEndIsRobertas() {
    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      assertThat(tokenizer.encodePair("ab a", "b", 20).ids())
          .containsExactly(10, 4, 3, 11, 11, 1, 11);
      assertThat(tokenizer.padId()).isEqualTo(12);
      assertThat(tokenizer.token(5)).isEqualTo("Ġab");
      assertThat(tokenizer.id("<mask>")).hasValue(13);
    }
  }

  @Test
  void openingLeavesTheSwitchesOfTheNativeLibraryAsTheyWere() {
    String name = "ai.djl.offline";
    String before = System.getProperty(name, "unset");

    String during = OfflineDjl.call(() -> System.getProperty(name, "unset"));
    byteLevel(VOCABULARY).close();

    assertThat(during).isNotEqualTo("unset");
    assertThat(System.getProperty(name, "unset")).isEqualTo(before);
  }

  @Test
  void aVocabularyWithoutStartAndEndIsGpt2s() {
    String gpt2 = VOCABULARY.replace("<s>", "x").replace("</s>", "y").replace("<pad>", "z");

    try (Tokenizer tokenizer = byteLevel(gpt2)) {
      assertThat(tokenizer.encodePair("ab a", "b", 20).ids()).containsExactly(4, 3, 1);
      assertThat(tokenizer.padId()).isEqualTo(14);
    }
  }

  @Test
  void aRobertaMaskTakesTheSpaceBefore() {
    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      assertThat(tokenizer.encode("ab <mask>", 20).ids()).containsExactly(10, 4, 13, 11);
    }
  }

  @Test
  void tokensCutTheirTextEvenAfterAnEmoji() {
    String text = "😀 ab";

    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      assertThat(tokenizer.encode(text, 20).tokens())
          .extracting(token -> token.in(text))
          .containsExactly("", "😀", "😀", "😀", "😀", "ab", "");
    }
  }

  @Test
  void halfASurrogatePairDoesNotShiftOffsets() {
    String text = "\uD83D ab";

    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      List<Token> tokens = tokenizer.encode(text, 20).tokens();

      assertThat(tokens.get(tokens.size() - 2).in(text)).isEqualTo("ab");
    }
  }

  @Test
  void splitWordsHaveWordIdsAndOffsetsWithinThem() {
    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      Encoding encoding = tokenizer.encodeWords(List.of("ab", "😀", "aab"), 20);

      assertThat(encoding.tokens())
          .extracting(Token::id, Token::wordId, Token::start, Token::end)
          .containsExactly(
              tuple(10, -1, 0, 0),
              tuple(4, 0, 0, 2),
              tuple(2, 1, 0, 0),
              tuple(6, 1, 0, 1),
              tuple(7, 1, 0, 1),
              tuple(8, 1, 0, 1),
              tuple(9, 1, 0, 1),
              tuple(3, 2, 0, 1),
              tuple(4, 2, 1, 3),
              tuple(11, -1, 0, 0));
    }
  }

  @Test
  void theMaximumLengthCountsSpecialTokens() {
    try (Tokenizer tokenizer = byteLevel(VOCABULARY)) {
      Encoding encoding = tokenizer.encodePair("aaa", "bbb", 6);

      assertThat(encoding.ids()).containsExactly(10, 0, 11, 11, 1, 11);
      assertThat(encoding.truncated()).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tokenizer.encodePair("a", "b", 4))
          .withMessage(
              "a maximum length of 4 leaves no room for text beside 4 special tokens;"
                  + " give 5 or more");
    }
  }

  @Test
  void aModelTypeThatTheLibraryDoesNotKnowIsRefused() {
    write("tokenizer.json", "{\"model\": {\"type\": \"Telepathy\", \"vocab\": {\"<pad>\": 0}}}");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(
            "the Hugging Face tokenizers library cannot read %s: ",
            directory.resolve("tokenizer.json"))
        .hasMessageEndingWith("; save the tokenizer again with a recent version of that library");
  }

  @Test
  void aVocabularyWithoutAnyFillingTokenIsRefused() {
    write("tokenizer.json", "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}}}");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s has no token to fill up rows with (looked for <pad>, [PAD], <|endoftext|>, </s>, <unk>);"
                + " name it as pad_token in tokenizer_config.json",
            directory.resolve("tokenizer.json"));
  }

  @Test
  void emptyMergesAreRefused() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", "#version: 0.2\n");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s is empty; expected one merge of two pieces a line",
            directory.resolve("merges.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a b c", "a  b", "a b "})
  void aMergeIsTwoPieces(String line) {
    write("vocab.json", VOCABULARY);
    write("merges.txt", "#version: 0.2\na b\n" + line + "\n");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s has the line '%s'; expected two pieces with a space between",
            directory.resolve("merges.txt"), line);
  }

  @Test
  void mergesOfAnotherVocabularyAreRefused() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", "#version: 0.2\na b\nb a\n");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s merges 'b' and 'a', but vocab.json has no piece 'ba'; take both files from one"
                + " model",
            directory.resolve("merges.txt"));
  }

  @Test
  void aPairOfFilesOfAnotherClassIsRefused() {
    write("tokenizer_config.json", "{\"tokenizer_class\": \"CLIPTokenizer\"}");

    assertThatThrownBy(() -> byteLevel(VOCABULARY))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s stands next to a tokenizer_config.json with tokenizer_class CLIPTokenizer, which is"
                + " not GPT-2's, RoBERTa's or GPT's; add the model's tokenizer.json",
            directory.resolve("vocab.json"));
  }

  @Test
  void gptNeedsAnUnknownToken() {
    write("config.json", "{\"model_type\": \"openai-gpt\"}");

    assertThatThrownBy(() -> byteLevel(VOCABULARY))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s has no piece <unk>, which GPT needs for unknown characters; name its unk_token in"
                + " tokenizer_config.json",
            directory.resolve("vocab.json"));
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer tokenizer = byteLevel(VOCABULARY);
    tokenizer.close();

    assertThatThrownBy(() -> tokenizer.encode("a", 9)).isInstanceOf(IllegalStateException.class);
  }

  private Tokenizer byteLevel(String vocabulary) {
    write("vocab.json", vocabulary);
    write("merges.txt", MERGES);
    return Tokenizer.load(directory);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
