package org.bertology.core.tokenize;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.core.ContentException;

/** Any tokenizer of the Hugging Face library, run by that library's native code through DJL. */
final class NativeTokenizer implements Tokenizer {

  private static final List<String> FILLERS =
      List.of("pad_token", "eos_token", "bos_token", "unk_token");
  private static final List<String> USUAL_FILLERS =
      List.of("<pad>", "[PAD]", "<|endoftext|>", "</s>", "<unk>");

  private static final int REPLACEMENT = 0xFFFD;

  private final Path source;
  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final SpecialTokens special;

  private NativeTokenizer(
      Path source, HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, SpecialTokens special) {
    this.source = source;
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.special = special;
  }

  static NativeTokenizer open(TokenizerJson json, TokenizerConfig config) {
    Vocabulary vocabulary = json.vocabulary();
    SpecialTokens special = special(json, config, vocabulary);
    HuggingFaceTokenizer tokenizer = OfflineDjl.call(() -> open(json));
    return new NativeTokenizer(json.source(), tokenizer, vocabulary, special);
  }

  private static HuggingFaceTokenizer open(TokenizerJson json) {
    requireLibrary();
    // Truncated and padded here instead: the library fixes both when it opens the file.
    Map<String, String> options = Map.of("truncation", "false", "padding", "false");
    try (InputStream in = new ByteArrayInputStream(json.text().getBytes(StandardCharsets.UTF_8))) {
      return HuggingFaceTokenizer.newInstance(in, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new ContentException(
          ("the Hugging Face tokenizers library cannot read %s: %s; save the tokenizer again with a"
                  + " recent version of that library")
              .formatted(json.source(), e.getMessage()),
          e);
    }
  }

  private static SpecialTokens special(
      TokenizerJson json, TokenizerConfig config, Vocabulary vocabulary) {
    return SpecialTokens.of(
        vocabulary,
        padId(json, config, vocabulary),
        Stream.concat(config.token("mask_token").stream(), SpecialTokens.USUAL_MASKS.stream()),
        Stream.concat(json.special().stream(), config.specialTokens().stream()));
  }

  private static int padId(TokenizerJson json, TokenizerConfig config, Vocabulary vocabulary) {
    Stream<String> named =
        Stream.concat(
            json.pad().stream(), FILLERS.stream().map(config::token).flatMap(Optional::stream));
    return Stream.concat(named, USUAL_FILLERS.stream())
        .map(vocabulary::id)
        .flatMapToInt(OptionalInt::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new ContentException(
                    ("%s has no token to fill up rows with (looked for %s); name it as pad_token in"
                            + " tokenizer_config.json")
                        .formatted(json.source(), String.join(", ", USUAL_FILLERS))));
  }

  private static void requireLibrary() {
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw new UnsupportedCapabilityException(
          ("the native tokenizers library does not load on %s %s: %s; this model's tokenizer needs"
                  + " it: use a machine that it exists for (Linux on x86-64 or ARM, macOS on ARM,"
                  + " Windows on x86-64), or a model with BERT's WordPiece tokenizer, which needs none")
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e),
          e);
    }
  }

  @Override
  public Encoding encode(String text, int maxLength) {
    return truncated(tokens(() -> tokenizer.encode(wellFormed(text), true, false)), maxLength);
  }

  @Override
  public Encoding encodePair(String first, String second, int maxLength) {
    return second.isEmpty()
        ? encode(first, maxLength)
        : truncated(
            tokens(() -> tokenizer.encode(wellFormed(first), wellFormed(second), true, false)),
            maxLength);
  }

  @Override
  public Encoding encodePlain(String text) {
    return new Encoding(tokens(() -> tokenizer.encode(wellFormed(text), false, false)), false);
  }

  // Joined by spaces, as these tokenizers' own training text was; the library's list input would
  // glue words together where a space belongs to the token that follows it, as in GPT-2.
  @Override
  public Encoding encodeWords(List<String> words, int maxLength) {
    WordPositions positions = WordPositions.of(words);
    String text = wellFormed(String.join(" ", words));
    List<Token> tokens =
        tokens(() -> tokenizer.encode(text, true, false)).stream().map(positions::within).toList();
    return truncated(tokens, maxLength);
  }

  // The library would take half a surrogate pair for three characters and shift all offsets.
  private static String wellFormed(String text) {
    return text.codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private List<Token> tokens(Supplier<ai.djl.huggingface.tokenizers.Encoding> encoding) {
    try {
      return tokens(encoding.get());
    } catch (IllegalStateException e) {
      throw e; // closed
    } catch (RuntimeException e) {
      throw new ContentException(
          ("the Hugging Face tokenizers library cannot tokenize a text with %s: %s; correct that"
                  + " file, or take another version of it")
              .formatted(source, e.getMessage()),
          e);
    }
  }

  private static List<Token> tokens(ai.djl.huggingface.tokenizers.Encoding encoding) {
    long[] ids = encoding.getIds();
    long[] typeIds = encoding.getTypeIds();
    long[] special = encoding.getSpecialTokenMask();
    long[] segments = encoding.getSequenceIds();
    long[] words = encoding.getWordIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      int id = Math.toIntExact(ids[i]);
      int typeId = Math.toIntExact(typeIds[i]);
      tokens.add(
          special[i] == 1
              ? Token.special(id, typeId)
              : new Token(
                  id,
                  typeId,
                  (int) segments[i],
                  spans[i].getStart(),
                  spans[i].getEnd(),
                  (int) words[i]));
    }
    return tokens;
  }

  private static Encoding truncated(List<Token> all, int maxLength) {
    int first = count(all, 0);
    int second = count(all, 1);
    int room = Truncation.room(maxLength, all.size() - first - second);
    Truncation kept = Truncation.longestFirst(first, second, room);
    int[] left = {kept.first(), kept.second()};
    List<Token> tokens =
        all.stream().filter(token -> token.special() || left[token.segment()]-- > 0).toList();
    return new Encoding(tokens, tokens.size() < all.size());
  }

  private static int count(List<Token> tokens, int segment) {
    return (int) tokens.stream().filter(token -> token.segment() == segment).count();
  }

  @Override
  public int padId() {
    return special.padId();
  }

  @Override
  public OptionalInt maskId() {
    return special.maskId();
  }

  @Override
  public boolean isSpecial(int id) {
    return special.contains(id);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
