package org.bertology.core.tokenize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageReader;
import org.bertology.core.tokenize.SentencePiece.Kind;

/**
 * A file of the SentencePiece library (Kudo and Richardson, 2018), which is a {@code ModelProto} of
 * its {@code sentencepiece_model.proto}.
 *
 * @param file it is from, for messages
 * @param pieces by id
 */
record SentencePieceModel(
    Path file, List<SentencePiece> pieces, Training training, Normalization normalization) {

  private static final long LARGEST_FILE = 1L << 28;
  private static final int LONGEST_BPE_PIECE = 256;
  private static final int BYTES = 256;

  SentencePieceModel {
    pieces = List.copyOf(pieces);
    SentencePiece.requireDistinct(file, pieces);
    if (unknowns(pieces).length != 1) {
      throw new ContentException(
          "%s has %d pieces of the type unknown, expected 1; fetch the file again"
              .formatted(file, unknowns(pieces).length));
    }
    long bytes = pieces.stream().filter(piece -> piece.is(Kind.BYTE)).count();
    if (training.byteFallback() && bytes != BYTES) {
      throw new ContentException(
          "%s falls back on bytes but has %d of the 256 pieces for them; fetch the file again"
              .formatted(file, bytes));
    }
    if (training.bpe()) {
      pieces.forEach(piece -> requireShort(file, piece));
    }
  }

  /**
   * @throws ContentException if it is not such a file, or a kind of it that is not supported
   */
  static SentencePieceModel read(Path file) {
    MessageReader message = new MessageReader(file.toString(), ByteBuffer.wrap(bytes(file)));
    List<SentencePiece> pieces = new ArrayList<>();
    Training training = new Training(Training.UNIGRAM, false);
    Normalization normalization = new Normalization(Optional.empty(), true, true);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> pieces.add(SentencePiece.read(message.message("piece " + pieces.size())));
        case 2 -> training = Training.read(file, message.message("trainer_spec"));
        case 3 -> normalization = Normalization.read(file, message.message("normalizer_spec"));
        default -> {}
      }
    }
    return new SentencePieceModel(file, pieces, training, normalization);
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new ContentException(
            "%s has %d bytes; no SentencePiece model has more than %d"
                .formatted(file, Files.size(file), LARGEST_FILE));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  // All ways to cut a piece in two are tried, so long ones would take a time that is quadratic.
  private static void requireShort(Path file, SentencePiece piece) {
    if (piece.text().length() > LONGEST_BPE_PIECE) {
      throw new ContentException(
          "%s has a piece of %d characters, where a BPE has at most %d; fetch the file again"
              .formatted(file, piece.text().length(), LONGEST_BPE_PIECE));
    }
  }

  private static int[] unknowns(List<SentencePiece> pieces) {
    return IntStream.range(0, pieces.size())
        .filter(id -> pieces.get(id).is(Kind.UNKNOWN))
        .toArray();
  }

  /** The id of what is not in the vocabulary. */
  int unknownId() {
    return unknowns(pieces)[0];
  }

  /**
   * How it was made.
   *
   * @param type unigram or BPE, as {@code ModelType} counts
   * @param byteFallback whether unknown characters become pieces for their bytes
   */
  record Training(int type, boolean byteFallback) {

    private static final int UNIGRAM = 1;
    private static final int BPE = 2;
    private static final List<String> TYPES = List.of("unigram", "bpe", "word", "char");

    static Training read(Path file, MessageReader message) {
      int type = UNIGRAM;
      boolean byteFallback = false;
      while (message.next()) {
        switch (message.field()) {
          case 3 -> type = supported(file, message.number());
          case 24 ->
              refuse(
                  message.number() != 0, file, "spaces after words (treat_whitespace_as_suffix)");
          case 35 -> byteFallback = message.number() != 0;
          default -> {}
        }
      }
      return new Training(type, byteFallback);
    }

    private static int supported(Path file, long type) {
      if (type != UNIGRAM && type != BPE) {
        String name =
            type > 0 && type <= TYPES.size() ? TYPES.get((int) type - 1) : "number " + type;
        throw new ContentException(
            "%s is a SentencePiece model of the type %s; only unigram and bpe are supported"
                .formatted(file, name));
      }
      return (int) type;
    }

    boolean bpe() {
      return type == BPE;
    }
  }

  /**
   * What is done to text before it is cut.
   *
   * @param characters replacements of characters
   * @param dummyPrefix whether a space comes before the text
   * @param squeeze whether spaces at both ends are dropped and several between words become one
   */
  record Normalization(Optional<CharacterMap> characters, boolean dummyPrefix, boolean squeeze) {

    static Normalization read(Path file, MessageReader message) {
      Optional<CharacterMap> characters = Optional.empty();
      boolean dummyPrefix = true;
      boolean squeeze = true;
      while (message.next()) {
        switch (message.field()) {
          case 2 -> characters = characters(file, message.bytes());
          case 3 -> dummyPrefix = message.number() != 0;
          case 4 -> squeeze = message.number() != 0;
          case 5 -> refuse(message.number() == 0, file, "plain spaces (escape_whitespaces is off)");
          default -> {}
        }
      }
      return new Normalization(characters, dummyPrefix, squeeze);
    }

    private static Optional<CharacterMap> characters(Path file, ByteBuffer bytes) {
      return bytes.hasRemaining()
          ? Optional.of(CharacterMap.of(file.toString(), bytes))
          : Optional.empty();
    }
  }

  private static void refuse(boolean has, Path file, String what) {
    if (has) {
      throw new ContentException(
          "%s is a SentencePiece model with %s, which is not supported".formatted(file, what));
    }
  }
}
