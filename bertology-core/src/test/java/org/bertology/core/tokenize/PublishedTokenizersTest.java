package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published tokenizers in all their kinds of files, against Hugging Face transformers. */
class PublishedTokenizersTest {

  private static final Set<Integer> ZERO_WIDTH = Set.of(0x200B, 0x200D, 0xFEFF);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "bert-base-cased, vocab.txt",
    "bert-base-uncased, vocab.txt",
    "bert-base-uncased, tokenizer.json",
    "gpt2, vocab.json merges.txt",
    "roberta-base, vocab.json merges.txt",
    "t5, spiece.model"
  })
  void theirFilesGiveTheExpectedTokens(String name, String files) throws IOException {
    copy(name, files);
    if (name.equals("t5")) {
      Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"t5\"}");
    }

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      ExpectedTokens tokens = new ExpectedTokens(tokenizer, expected(name));
      tokens.assertSingleTexts();
      tokens.assertPairs();
      tokens.assertTruncatedPairs();
      tokens.assertPaddedBatch();
    }
  }

  @ParameterizedTest
  @CsvSource({"vocab.txt", "tokenizer.json"})
  void splitWordsOfBertHaveTheExpectedTokens(String file) throws IOException {
    copy("bert-base-uncased", file);
    Path words = Directories.shared("goldens/tokenizers/words-bert-base-uncased.json");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      new ExpectedTokens(tokenizer, expected("bert-base-uncased"))
          .assertWords(Expected.words(words));
    }
  }

  // T5's tokenizer.json is older than the expected values, which are those of its spiece.model.
  // Words
  // end at white space before pieces are looked for, so offsets leave spaces out, and a next-line
  // character is one. The Python library gives the same.
  @Test
  void theOldFileOfT5GivesTheExpectedTokensWithoutSpaces() throws IOException {
    copy("t5", "tokenizer.json");
    Expected expected = expected("t5");

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      ExpectedTokens tokens = new ExpectedTokens(tokenizer, expected);
      tokens.assertPairs();
      tokens.assertTruncatedPairs();
      tokens.assertPaddedBatch();
      for (Expected.Single text : expected.single()) {
        if (text.text().contains("\u0085")) {
          assertThat(tokenizer.encode(text.text(), 999).ids())
              .containsExactly(689, 536, 689, 357, 689, 519, 414, 1);
        } else {
          assertWithoutSpaces(tokenizer, text);
        }
      }
      assertThat(tokenizer.vocabularySize()).isEqualTo(32_100);
    }
  }

  private static void assertWithoutSpaces(Tokenizer tokenizer, Expected.Single text) {
    Encoding encoding = tokenizer.encode(text.text(), 999);

    assertThat(encoding.ids()).as(text.text()).isEqualTo(text.ids());
    for (int i = 0; i < encoding.length(); i++) {
      Token token = encoding.tokens().get(i);
      assertThat(new int[] {token.start(), token.end()})
          .as("token %d of '%s'", i, text.text())
          .isEqualTo(withoutSpaces(text.text(), text.offsets()[i]));
    }
  }

  /**
   * The offsets without spaces at the start; what is nothing but a space has the next character.
   */
  private static int[] withoutSpaces(String text, int[] offsets) {
    int[] codePoints = text.codePoints().toArray();
    int start = offsets[0];
    while (start < offsets[1] && space(codePoints[start])) {
      start++;
    }
    boolean onlySpace = offsets[0] < start && start == offsets[1];
    return new int[] {start, onlySpace ? start + 1 : offsets[1]};
  }

  /** T5 takes characters of no width for spaces. */
  private static boolean space(int codePoint) {
    return Characters.whitespace(codePoint) || ZERO_WIDTH.contains(codePoint);
  }

  private void copy(String name, String files) throws IOException {
    for (String file : files.split(" ")) {
      Files.copy(
          Directories.shared("data/tokenizers/" + name + "/" + file), directory.resolve(file));
    }
  }

  private static Expected expected(String name) {
    return Expected.read(Directories.shared("goldens/tokenizers/" + name + ".json"));
  }
}
