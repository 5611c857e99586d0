package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Mutations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would end the process if the native library saw it. */
class TrustedPartsTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("tokenizer.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"precompiled_charsmap\": \"AAAA\" | has a broken character map (precompiled_charsmap): its trie has 0 of 3 bytes; fetch the file again",
        "\"precompiled_charsmap\": \"\" | has a broken character map (precompiled_charsmap): its trie has 0 of 0 bytes; fetch the file again",
        "\"precompiled_charsmap\": \"A&A=\" | has a character map (precompiled_charsmap) that is not Base64: Illegal base64 character 26; fetch the file again",
        "\"x\": 1 | is not laid out as expected: 'precompiled_charsmap' is missing; fetch the file again"
      })
  void aBrokenCharacterMapIsRefused(String member, String problem) throws IOException {
    Files.writeString(
        file,
        """
        {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
          {"type": "Precompiled", %s}]},
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0]]}}
        """
            .formatted(member));

    assertRefused(problem);
  }

  @Test
  void aTemplateWithATokenThatIsNotDescribedIsRefused() throws IOException {
    Files.writeString(
        file,
        """
        {"post_processor": {"type": "Sequence", "processors": [{"type": "TemplateProcessing",
          "single": [{"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}},
                   {"Sequence": {"id": "B", "type_id": 0}}],
          "special_tokens": {}}]},
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0]]}}
        """);

    assertRefused(
        "is not laid out as expected: the post_processor's special_tokens do not have '</s>'; fetch"
            + " the file again");
  }

  @Test
  void anUnknownTokenThatIsMissingIsRefusedWhenItIsNeeded() throws IOException {
    Files.writeString(
        file,
        """
        {"model": {"type": "BPE", "unk_token": "<unk>", "vocab": {"<pad>": 0, "a": 1}, "merges": []}}
        """);

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("a", 9).ids()).containsExactly(1);
      assertThatThrownBy(() -> tokenizer.encode("b", 9))
          .isInstanceOf(ContentException.class)
          .hasMessage(
              "the Hugging Face tokenizers library cannot tokenize a text with %s: Unk token `<unk>`"
                  + " not found in the vocabulary; correct that file, or take another version of it",
              file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5/spiece.model", "sentencepiece-bpe/tokenizer.model"})
  void aBrokenFileIsReadOrRefused(String model) throws IOException {
    byte[] sound = json(Directories.resource(model)).getBytes(StandardCharsets.UTF_8);

    Mutations.assertReadOrRefused(sound, file, broken -> encode());
  }

  private static String json(Path model) {
    TokenizerConfig none = TokenizerConfig.read(model.resolveSibling("none"));
    return SentencePieceJson.of(
            SentencePieceModel.read(model),
            model.endsWith("spiece.model") ? TokenizerFamily.T5 : TokenizerFamily.SENTENCE_PIECE,
            none)
        .text();
  }

  private void encode() {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encodePair("The film\t(été) ﬁ 中 😀", "</s> <unk>", 99).tokens())
          .isNotEmpty();
    }
  }

  private void assertRefused(String problem) {
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage("%s %s", file, problem);
  }
}
