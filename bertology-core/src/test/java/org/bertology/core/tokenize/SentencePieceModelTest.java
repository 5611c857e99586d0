package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Mutations;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceModelTest {

  /** Classes that are loaded meanwhile included; what is claimed are gigabytes. */
  private static final long MOST_ALLOCATED = 64L << 20;

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("spiece.model");
  }

  @Test
  void theSmallestModelIsAnUnknownPiece() throws IOException {
    write(model());

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("one two", 9).ids()).containsExactly(1, 0, 1, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, word", "4, char", "9, number 9", "-1, number -1"})
  void anotherTypeOfModelIsRefusedByName(int type, String name) throws IOException {
    write(model().message(2, new MessageBytes().number(3, type)));

    assertRefused(
        "%s is a SentencePiece model of the type %s; only unigram and bpe are supported"
            .formatted(file, name));
  }

  @Test
  void spacesAfterWordsAreRefused() throws IOException {
    write(model().message(2, new MessageBytes().number(24, 1)));

    assertRefused(
        file
            + " is a SentencePiece model with spaces after words (treat_whitespace_as_suffix), which"
            + " is not supported");
  }

  @Test
  void plainSpacesAreRefused() throws IOException {
    write(model().message(3, new MessageBytes().number(5, 0)));

    assertRefused(
        file
            + " is a SentencePiece model with plain spaces (escape_whitespaces is off), which is not"
            + " supported");
  }

  @Test
  void anEmptyFileHasNoPieces() throws IOException {
    write(new MessageBytes());

    assertRefused(file + " has 0 pieces of the type unknown, expected 1; fetch the file again");
  }

  @Test
  void twoUnknownPiecesAreRefused() throws IOException {
    write(model().message(1, piece("?", 0, UNKNOWN)));

    assertRefused(file + " has 2 pieces of the type unknown, expected 1; fetch the file again");
  }

  @Test
  void theSamePieceTwiceIsRefused() throws IOException {
    write(model().message(1, piece("▁", -2, NORMAL)));

    assertRefused(file + " has the piece '▁' twice; fetch the file again");
  }

  @Test
  void anEmptyPieceIsRefused() throws IOException {
    write(model().message(1, piece("", -2, NORMAL)));

    assertRefused(
        file
            + ": piece 2 has the text '' and the score -2.0, expected some text and a finite score;"
            + " fetch the file again");
  }

  @Test
  void aScoreThatIsNoNumberIsRefused() throws IOException {
    write(model().message(1, piece("x", Float.NaN, NORMAL)));

    assertRefused(
        file
            + ": piece 2 has the text 'x' and the score NaN, expected some text and a finite score;"
            + " fetch the file again");
  }

  @Test
  void aPieceOfAnUnknownTypeIsRefused() throws IOException {
    write(model().message(1, piece("x", -2, 7)));

    assertRefused(file + ": piece 2 has the type 7, expected 1 to 6; fetch the file again");
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    write(model().message(1, new MessageBytes().bytes(1, new byte[] {(byte) 0xC3})));

    assertRefused(file + ": piece 2 is broken: field 1 is not UTF-8 text");
  }

  @Test
  void bytesToFallBackOnMustBeThere() throws IOException {
    write(model().message(2, new MessageBytes().number(35, 1)));

    assertRefused(
        file + " falls back on bytes but has 0 of the 256 pieces for them; fetch the file again");
  }

  @Test
  void aLongPieceOfABpeIsRefused() throws IOException {
    write(
        model()
            .message(1, piece("x".repeat(257), -2, NORMAL))
            .message(2, new MessageBytes().number(3, 2)));

    assertRefused(
        file + " has a piece of 257 characters, where a BPE has at most 256; fetch the file again");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, Integer.MAX_VALUE, 1 << 30})
  void anAbsurdLengthIsRefusedForLittleMemory(long length) throws IOException {
    write(model().varint(1 << 3 | 2).varint(length));

    long before = allocated();
    assertRefused(
        "%s is broken or truncated: field 1 has %s bytes, but only 0 are left"
            .formatted(file, Long.toUnsignedString(length)));
    assertThat(allocated() - before).isLessThan(MOST_ALLOCATED);
  }

  @Test
  void somethingElseIsRefused() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");

    assertRefused(file + " is broken: field 14 has the wire type 6, expected 0, 1, 2 or 5");
  }

  @ParameterizedTest
  @CsvSource({"T5, </s>", "Albert, [CLS]"})
  void aFamilyNeedsItsMarks(String family, String mark) throws IOException {
    write(model());
    config("{\"tokenizer_class\": \"%sTokenizer\"}".formatted(family));

    assertRefused(
        ("%s has no piece %s, which models of its family set around text; correct tokenizer_class in"
                + " tokenizer_config.json")
            .formatted(file, mark));
  }

  @ParameterizedTest
  @ValueSource(strings = {"XLMRoberta", "Camembert"})
  void aModelWithIdsOfFairseqBeginsWithItsMarks(String family) throws IOException {
    write(model());
    config("{\"tokenizer_class\": \"%sTokenizerFast\"}".formatted(family));

    assertRefused(
        file
            + " begins with the pieces <unk> ▁; one of XLM-RoBERTa or CamemBERT begins with <unk> <s>"
            + " </s>; correct tokenizer_class in tokenizer_config.json");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10_001})
  void anAbsurdNumberOfSentinelsIsRefused(int number) throws IOException {
    write(model().message(1, piece("</s>", 0, CONTROL)));
    config("{\"tokenizer_class\": \"T5Tokenizer\", \"extra_ids\": %d}".formatted(number));

    assertRefused(
        "tokenizer_config.json beside %s has extra_ids %d, expected 0 to 10000"
            .formatted(file, number));
  }

  @Test
  void aClassOfAnotherFamilyIsRefused() throws IOException {
    write(model());
    Files.writeString(
        directory.resolve("config.json"), "{\"tokenizer_class\": \"XLNetTokenizer\"}");

    assertRefused(
        file
            + " stands next to a config.json with tokenizer_class XLNetTokenizer, which is not T5's,"
            + " ALBERT's, XLM-RoBERTa's or CamemBERT's; add the model's tokenizer.json");
  }

  @Test
  void anAddedTokenHasTheNextId() throws IOException {
    write(model());
    Files.writeString(directory.resolve("added_tokens.json"), "{\"[E1]\": 3}");

    assertRefused(
        "the token [E1] is added to %s with the id 3, where it can only have 2; add the model's tokenizer.json"
            .formatted(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"t5/spiece.model", "albert/spiece.model", "sentencepiece-bpe/tokenizer.model"})
  void aBrokenModelIsReadOrRefused(String name) throws IOException {
    byte[] sound = Files.readAllBytes(Directories.resource(name));

    Mutations.assertReadOrRefused(sound, file, broken -> encode());
  }

  private void encode() {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("The film\t(été)  ﬁ e\u0301 中 😀 \u2028", 99).tokens())
          .allMatch(token -> token.id() < tokenizer.vocabularySize());
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(message);
  }

  private static MessageBytes model() {
    return new MessageBytes()
        .message(1, piece("<unk>", 0, UNKNOWN))
        .message(1, piece("▁", -1, NORMAL));
  }

  private static MessageBytes piece(String text, float score, int type) {
    return new MessageBytes()
        .text(1, text)
        .fixed32(2, Float.floatToRawIntBits(score))
        .number(3, type);
  }

  private void write(MessageBytes model) throws IOException {
    Files.write(file, model.toArray());
  }

  private void config(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer_config.json"), json);
  }
}
