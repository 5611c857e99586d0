package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerDirectoryTest {

  private static final String SMALL =
      "cafe\ncafé\nCAFÉ\n##s\n[UNK]\n[SEP]\n中文\n中\n文\n[PAD]\n[MASK]\n[CLS]\n";

  @TempDir private Path directory;

  @Test
  void specialTokensHaveTheIdsOfTheVocabulary() {
    write("vocab.txt", SMALL);

    Tokenizer tokenizer = Tokenizer.load(directory);

    assertThat(tokenizer.encode("cafés [MASK] xyz", 16).ids()).containsExactly(11, 1, 3, 10, 4, 5);
    assertThat(tokenizer.padId()).isEqualTo(9);
    assertThat(tokenizer.vocabularySize()).isEqualTo(12);
  }

  @Test
  void aVocabularyWithoutUpperCaseMeansLowerCasing() {
    write("vocab.txt", SMALL.replace("CAFÉ", "other"));

    assertThat(Tokenizer.load(directory).encode("CAFÉ", 16).ids()).containsExactly(11, 0, 5);
  }

  @Test
  void aVocabularyWithUpperCaseMeansCased() {
    write("vocab.txt", SMALL);

    assertThat(Tokenizer.load(directory).encode("CAFÉ", 16).ids()).containsExactly(11, 2, 5);
  }

  @Test
  void theConfigurationDecidesOnLowerCasing() {
    write("vocab.txt", SMALL);
    write("tokenizer_config.json", "{\"do_lower_case\": true, \"strip_accents\": null}");

    assertThat(Tokenizer.load(directory).encode("CAFÉ", 16).ids()).containsExactly(11, 0, 5);
  }

  @Test
  void theConfigurationDecidesOnAccents() {
    write("vocab.txt", SMALL);
    write("tokenizer_config.json", "{\"do_lower_case\": true, \"strip_accents\": false}");

    assertThat(Tokenizer.load(directory).encode("CAFÉ", 16).ids()).containsExactly(11, 1, 5);
  }

  @Test
  void theConfigurationDecidesOnChineseCharacters() {
    write("vocab.txt", SMALL);
    assertThat(Tokenizer.load(directory).encode("中文", 16).ids()).containsExactly(11, 7, 8, 5);

    write("tokenizer_config.json", "{\"tokenize_chinese_chars\": false}");

    assertThat(Tokenizer.load(directory).encode("中文", 16).ids()).containsExactly(11, 6, 5);
  }

  @Test
  void theConfigurationNamesSpecialTokens() {
    write("vocab.txt", SMALL.replace("[CLS]", "<s>"));
    write("tokenizer_config.json", "{\"cls_token\": {\"content\": \"<s>\"}}");

    assertThat(Tokenizer.load(directory).encode("<s>cafe", 16).ids()).containsExactly(11, 11, 0, 5);
  }

  @Test
  void addedTokensAreFoundInTheText() {
    write("vocab.txt", SMALL);
    write("tokenizer_config.json", "{\"added_tokens_decoder\": {\"12\": {\"content\": \"[E1]\"}}}");
    write("added_tokens.json", "{\"[E1] [E2]\": 13}");

    Tokenizer tokenizer = Tokenizer.load(directory);

    assertThat(tokenizer.encode("[E1]cafe[E1] [E2]", 16).ids()).containsExactly(11, 12, 0, 13, 5);
    assertThat(tokenizer.vocabularySize()).isEqualTo(14);
    assertThat(tokenizer.token(13)).isEqualTo("[E1] [E2]");
  }

  @Test
  void windowsLineEndsDoNotMatter() {
    write("vocab.txt", SMALL.replace("\n", "\r\n"));

    assertThat(Tokenizer.load(directory).encode("cafe", 16).ids()).containsExactly(11, 0, 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[UNK]", "[CLS]", "[SEP]", "[PAD]"})
  void aVocabularyWithoutASpecialTokenIsRefused(String token) {
    write("vocab.txt", SMALL.replace(token, "other"));

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s has no token %s; a BERT vocabulary needs the unknown, start, separator and padding"
                + " tokens (here [UNK], [CLS], [SEP] and [PAD])",
            directory.resolve("vocab.txt"), token);
  }

  @Test
  void anEmptyVocabularyIsRefused() {
    write("vocab.txt", "");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s is empty; expected the vocabulary, one token a line",
            directory.resolve("vocab.txt"));
  }

  @Test
  void aVocabularyInAnotherEncodingIsRefused() throws IOException {
    Files.write(directory.resolve("vocab.txt"), SMALL.getBytes(StandardCharsets.UTF_16));

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage("%s is not UTF-8 text; save it as UTF-8", directory.resolve("vocab.txt"));
  }

  @Test
  void theVocabularyOfAnotherTokenizerClassIsRefused() {
    write("vocab.txt", SMALL);
    write("tokenizer_config.json", "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessageEndingWith(
            "tokenizer_class BertJapaneseTokenizer, which is not BERT's; add the model's"
                + " tokenizer.json");
  }

  @Test
  void aDirectoryWithoutTokenizerSaysWhatWasLookedFor() {
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "%s holds no tokenizer: looked for tokenizer.json, vocab.txt, vocab.json with"
                + " merges.txt, spiece.model, sentencepiece.bpe.model and tokenizer.model; copy the"
                + " model's tokenizer files there",
            directory);
  }

  @Test
  void aMissingDirectoryIsAWrongArgument() {
    Path missing = directory.resolve("missing");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tokenizer.load(missing))
        .withMessage(
            "%s is not a directory; give the folder with the model's tokenizer files", missing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\": ",
        "[]",
        "{\"model\": {\"vocab\": 7}}",
        "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": \"b\"}}}",
        "{\"model\": 3}",
        "{\"model\": {}, \"model\": {}}",
        "{\"model\": {\"vocab\": [[]]}}",
        "{\"model\": {\"vocab\": {}}, \"added_tokens\": [{\"id\": 3}]}",
        "{}"
      })
  void aBrokenTokenizerJsonIsRefused(String json) {
    write("tokenizer.json", json);

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(
            directory.resolve("tokenizer.json") + " is not laid out as expected")
        .hasMessageEndingWith("; fetch the file again");
  }

  @Test
  void aBrokenConfigurationIsRefused() {
    write("vocab.txt", SMALL);
    write("tokenizer_config.json", "{\"do_lower_case\": [1, 2]}");

    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(
            directory.resolve("tokenizer_config.json") + " is not laid out as expected");
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
