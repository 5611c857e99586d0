package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @ValueSource(strings = {"t5", "albert", "xlm-roberta", "camembert", "openai-gpt"})
  void plainTextIsTheSameWithoutTheTokensAroundIt(String kind) {
    String text = "The movies (a small fox) été 😀 9, one";

    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      List<Token> inner =
          tokenizer.encode(text, 999).tokens().stream().filter(t -> !t.special()).toList();

      assertThat(tokenizer.encodePlain(text)).isEqualTo(new Encoding(inner, false));
      assertThat(tokenizer.encodePlain("").tokens()).isEmpty();
    }
  }

  // The tokens of a word do not depend on the words around it.
  @ParameterizedTest
  @ValueSource(
      strings = {"t5", "albert", "openai-gpt", "sentencepiece-bpe", "sentencepiece-spaces"})
  void aLongPlainTextIsNotCut(String kind) {
    String sentence = " The movies (a small fox) cost 1,234.56 euros.";

    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      int[] once = tokenizer.encodePlain(sentence).ids();

      assertThat(tokenizer.encodePlain(sentence.repeat(3_000)).ids())
          .isEqualTo(
              IntStream.range(0, 3_000 * once.length).map(i -> once[i % once.length]).toArray());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "t5, 0, -1",
    "albert, 0, 4",
    "xlm-roberta, 1, 221",
    "camembert, 1, 224",
    "openai-gpt, 0, -1",
    "bert-base-cased, 0, 103",
    "sentencepiece-bpe, 2, -1"
  })
  void paddingAndMaskHaveTheirIds(String kind, int padId, int maskId) {
    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      assertThat(tokenizer.padId()).isEqualTo(padId);
      assertThat(tokenizer.maskId().orElse(-1)).isEqualTo(maskId);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "t5, </s> <pad> <unk> <extra_id_0> <extra_id_99>, ▁ s ▁film",
    "albert, [CLS] [SEP] [MASK] <pad> <unk>, ▁ ( £",
    "xlm-roberta, <s> </s> <mask> <pad> <unk>, ▁ s ▁film",
    "camembert, <s> </s> <mask> <pad> <unk> <s>NOTUSED, ▁ s ▁film",
    "openai-gpt, <unk>, s write</w>",
    "bert-base-uncased, [CLS] [SEP] [MASK] [PAD] [UNK], [unused1] the ##s",
    "sentencepiece-bpe, <s> </s> <unk>, ▁ ( <tab> <0x41>"
  })
  void marksAreToldFromText(String kind, String marks, String text) {
    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource(kind))) {
      assertThat(marks.split(" "))
          .allMatch(mark -> tokenizer.isSpecial(tokenizer.id(mark).getAsInt()));
      assertThat(text.split(" "))
          .noneMatch(piece -> tokenizer.isSpecial(tokenizer.id(piece).getAsInt()));
    }
  }

  @Test
  void aCharacterOfSeveralBytesIsTheTextOfAllOfThem() {
    String text = "naïve 😀";

    try (Tokenizer tokenizer = Tokenizer.load(Directories.resource("sentencepiece-bpe"))) {
      assertThat(tokenizer.encode(text, 99).tokens())
          .extracting(token -> token.in(text))
          .containsExactly("n", "a", "ï", "ï", "ve", " ", "😀", "😀", "😀", "😀");
    }
  }

  @Test
  void gptIsToldByTheEndsOfWordsInItsVocabulary() throws IOException {
    copy("openai-gpt", "vocab.json", "merges.txt");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("Write", 9).ids())
          .containsExactly(tokenizer.id("write</w>").getAsInt());
    }
  }

  @Test
  void aModelOfNoFamilyHasNoTokensAroundTheText() throws IOException {
    copy("t5", "spiece.model");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encodePair("one", "film", 9).ids()).containsExactly(84, 104);
      assertThat(tokenizer.vocabularySize()).isEqualTo(220);
    }
  }

  // The ids here are those of Hugging Face's T5TokenizerFast and AlbertTokenizer with these
  // settings.
  @Test
  void t5MayHaveAnotherNumberOfSentinels() throws IOException {
    copy("t5", "spiece.model", "config.json");
    write("tokenizer_config.json", "{\"extra_ids\": 2}");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("<extra_id_1>", 9).ids()).containsExactly(220, 1);
      assertThat(tokenizer.vocabularySize()).isEqualTo(222);
    }
  }

  @Test
  void t5MayPutASpaceBeforeTheTextOnly() throws IOException {
    copy("t5", "spiece.model", "config.json");
    write("tokenizer_config.json", "{\"legacy\": false}");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("a <extra_id_0>b one", 9).ids())
          .containsExactly(3, 17, 319, 207, 84, 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "keep_accents, true, 2 30 62 13 22 210 26 15 22 13 212 204 197 194 3",
    "do_lower_case, false, 2 13 170 214 16 13 186 25 16 13 22 210 26 15 22 13 212 16 197 26 3",
    "do_lower_case, true, 2 30 39 16 13 22 210 26 15 22 13 212 16 197 26 3"
  })
  void albertMayKeepAccentsAndCase(String name, boolean value, String ids) throws IOException {
    copy("albert", "spiece.model");
    write(
        "tokenizer_config.json",
        "{\"tokenizer_class\": \"AlbertTokenizer\", \"%s\": %s}".formatted(name, value));

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("The Été 'was' déjà", 99).ids())
          .containsExactly(Stream.of(ids.split(" ")).mapToInt(Integer::parseInt).toArray());
    }
  }

  @Test
  void addedTokensFollowTheVocabulary() throws IOException {
    copy("openai-gpt", "vocab.json", "merges.txt");
    write("added_tokens.json", "{\"[E2]\": 351, \"[E1]\": 350}");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("[E2] one[E1]", 9).ids())
          .containsExactly(351, tokenizer.id("one</w>").getAsInt(), 350);
      assertThat(tokenizer.isSpecial(350)).isFalse();
    }
  }

  private void copy(String kind, String... files) throws IOException {
    for (String file : files) {
      Files.copy(Directories.resource(kind).resolve(file), directory.resolve(file));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
