package org.bertology.core.tokenize;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of vocabulary against what other implementations make of it. */
class VocabularyKindsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"t5", "albert", "xlm-roberta", "camembert", "openai-gpt"})
  void textsHaveTheExpectedTokens(String kind) {
    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      ExpectedTokens expected =
          new ExpectedTokens(
              tokenizer, Expected.read(Directories.resource(kind + "/expected.json")));

      expected.assertSingleTexts();
      expected.assertPairs();
      expected.assertTruncatedPairs();
      expected.assertPaddedBatch();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5", "albert", "xlm-roberta", "camembert", "openai-gpt"})
  void splitWordsHaveTheExpectedTokens(String kind) {
    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      new ExpectedTokens(tokenizer, Expected.read(Directories.resource(kind + "/expected.json")))
          .assertWords(Expected.words(Directories.resource(kind + "/expected-words.json")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentencepiece-unigram",
        "sentencepiece-bpe",
        "sentencepiece-spaces",
        "sentencepiece-bpe-spaces"
      })
  void aSentencePieceModelOfNoFamilyCutsAsItsOwnLibraryDoes(String kind) {
    Expected expected = Expected.read(Directories.resource(kind + "/expected.json"));

    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      new ExpectedTokens(tokenizer, expected).assertSingleTexts();
    }
  }
}
