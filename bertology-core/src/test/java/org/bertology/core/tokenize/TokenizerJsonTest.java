package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {

  private static final Path UNCASED = Directories.resource("bert-base-uncased");

  private final JsonObject bert = TokenizerJsonFixture.bert(UNCASED.resolve("vocab.txt"));

  @TempDir private Path directory;

  @Test
  void aBertTokenizerRunsInPlainJavaAsExpected() {
    TokenizerJsonFixture.write(bert, directory);

    Tokenizer tokenizer = Tokenizer.load(directory);

    assertThat(tokenizer).isInstanceOf(WordPieceTokenizer.class);
    ExpectedTokens expected =
        new ExpectedTokens(tokenizer, Expected.read(UNCASED.resolve("expected.json")));
    expected.assertSingleTexts();
    expected.assertPairs();
    expected.assertTruncatedPairs();
    expected.assertPaddedBatch();
  }

  @Test
  void bertsOwnPostProcessorIsUnderstood() {
    bert.add(
        "post_processor",
        JsonParser.parseString(
            "{\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 102], \"cls\": [\"[CLS]\","
                + " 101]}"));
    TokenizerJsonFixture.write(bert, directory);

    assertThat(Tokenizer.load(directory).encodePair("a", "b", 9).ids())
        .containsExactly(101, 1037, 102, 1038, 102);
  }

  @Test
  void theNormalizerSectionDecides() {
    bert.getAsJsonObject("normalizer").addProperty("lowercase", false);
    TokenizerJsonFixture.write(bert, directory);

    assertThat(Tokenizer.load(directory).encode("Hello", 9).ids()).containsExactly(101, 100, 102);
  }

  @Test
  void theConfigurationHasTheLastWord() throws IOException {
    TokenizerJsonFixture.write(bert, directory);
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");

    assertThat(Tokenizer.load(directory).encode("Hello", 9).ids()).containsExactly(101, 100, 102);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstrip", "rstrip", "single_word", "normalized"})
  void anAddedTokenWithSpecialWishesNeedsTheNativeLibrary(String wish) {
    bert.getAsJsonArray("added_tokens").get(4).getAsJsonObject().addProperty(wish, true);
    TokenizerJsonFixture.write(bert, directory);

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer).isInstanceOf(NativeTokenizer.class);
    }
  }

  @Test
  void anotherFrameOfSpecialTokensNeedsTheNativeLibrary() {
    JsonObject second =
        bert.getAsJsonObject("post_processor")
            .getAsJsonArray("pair")
            .get(3)
            .getAsJsonObject()
            .getAsJsonObject("Sequence");
    second.addProperty("type_id", 0);
    TokenizerJsonFixture.write(bert, directory);

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer).isInstanceOf(NativeTokenizer.class);
      assertThat(tokenizer.encodePair("a", "b", 9).typeIds()).containsExactly(0, 0, 0, 0, 1);
    }
  }

  @Test
  void plainJavaAndNativeLibraryAgreeOnEverything() {
    TokenizerJsonFixture.write(bert, directory);
    TokenizerConfig config = TokenizerConfig.read(directory);
    TokenizerJson json = TokenizerJson.read(directory.resolve("tokenizer.json"));

    try (Tokenizer plain = Tokenizer.load(directory);
        Tokenizer nativeTokenizer = NativeTokenizer.open(json, config)) {
      Expected expected = Expected.read(UNCASED.resolve("expected.json"));
      for (Expected.Single text : expected.single()) {
        for (int maxLength : new int[] {3, 4, 10, 100}) {
          assertThat(plain.encode(text.text(), maxLength))
              .as(text.text())
              .isEqualTo(nativeTokenizer.encode(text.text(), maxLength));
        }
      }
      for (Expected.Pair pair : expected.pair()) {
        for (int maxLength : new int[] {4, 5, 8, 23, 24, 25, 100}) {
          assertThat(plain.encodePair(pair.a(), pair.b(), maxLength))
              .as("%s cut at %d", pair, maxLength)
              .isEqualTo(nativeTokenizer.encodePair(pair.a(), pair.b(), maxLength));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minilm-sentiment", "minilm-sst2", "minilm-sentence"})
  void plainJavaAndNativeLibraryAgreeOnReviews(String model) throws IOException {
    Path modelDirectory = Directories.shared("models/" + model);
    Path vocabularyDirectory = Files.createDirectory(directory.resolve("vocabulary"));
    Files.copy(modelDirectory.resolve("vocab.txt"), vocabularyDirectory.resolve("vocab.txt"));
    List<String> reviews =
        Files.readAllLines(Directories.shared("models/minilm-sentiment/dev.tsv"));

    TokenizerConfig config = TokenizerConfig.read(modelDirectory);
    TokenizerJson json = TokenizerJson.read(modelDirectory.resolve("tokenizer.json"));
    try (Tokenizer plain = Tokenizer.load(modelDirectory);
        Tokenizer ofVocabulary = Tokenizer.load(vocabularyDirectory);
        Tokenizer nativeTokenizer = NativeTokenizer.open(json, config)) {
      assertThat(plain).isInstanceOf(WordPieceTokenizer.class);
      for (String review : reviews) {
        Encoding encoding = plain.encode(review, 128);
        assertThat(encoding).as(review).isEqualTo(nativeTokenizer.encode(review, 128));
        assertThat(ofVocabulary.encode(review, 128)).as(review).isEqualTo(encoding);
      }
    }
  }
}
