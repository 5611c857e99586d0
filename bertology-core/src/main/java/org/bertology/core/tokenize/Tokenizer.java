package org.bertology.core.tokenize;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.bertology.core.ContentException;

/**
 * Cuts text into the tokens of one model's vocabulary.
 *
 * <p>Every method may be called from several threads at once, {@link #close()} excepted. Maximum
 * lengths count all tokens, the special ones included; text beyond is cut off on the right. A
 * maximum that leaves no room for text is an {@link IllegalArgumentException}.
 */
public interface Tokenizer extends AutoCloseable {

  /**
   * The tokenizer that a model directory describes. Looked for are, in this order,
   *
   * <ul>
   *   <li>{@code tokenizer.json}: a BERT WordPiece tokenizer runs in plain Java, anything else on
   *       the native Hugging Face library;
   *   <li>{@code vocab.txt}: BERT WordPiece;
   *   <li>{@code vocab.json} and {@code merges.txt}: the byte-level BPE of GPT-2 and RoBERTa, or
   *       GPT's own if so is the model or the vocabulary has {@code </w>}, on the native library;
   *   <li>{@code spiece.model}, {@code sentencepiece.bpe.model} or {@code tokenizer.model}: a
   *       SentencePiece model of type unigram or BPE with the special tokens of T5, ALBERT,
   *       XLM-RoBERTa or CamemBERT if it belongs to one, else with its own, on the native library.
   * </ul>
   *
   * {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}
   * are respected where present; the first, else {@code config.json}, says what family the model is
   * of. If no file says whether a WordPiece model lower-cases, its vocabulary does: one with
   * upper-case pieces is cased. Nothing is ever downloaded.
   *
   * @throws ContentException if no tokenizer is found or its files are wrong
   * @throws IllegalArgumentException if {@code modelDirectory} is not a directory
   * @throws IllegalStateException if the native library is needed and does not run on this machine
   */
  static Tokenizer load(Path modelDirectory) {
    return TokenizerDirectory.load(modelDirectory);
  }

  /** The tokens of one text. */
  Encoding encode(String text, int maxLength);

  /**
   * The tokens of two texts. The longer text is cut first; once both are equally long they share
   * the room, and an odd place goes to the text that was longer, or to the second. An empty second
   * text counts as none, as in Hugging Face's libraries.
   */
  Encoding encodePair(String first, String second, int maxLength);

  /**
   * The tokens of a text of any length, megabytes included, without any that the tokenizer would
   * add around it, and uncut.
   */
  Encoding encodePlain(String text);

  /** The tokens of a text that is already split into words; offsets count within each word. */
  Encoding encodeWords(List<String> words, int maxLength);

  /**
   * The id to fill shorter rows of a batch with, which the attention mask must hide: that of the
   * padding token or, where a model has none (as GPT-2), of the end-of-text token.
   */
  int padId();

  /** The id that stands for a hidden word, as {@code [MASK]}, if the vocabulary has one. */
  OptionalInt maskId();

  /**
   * Whether an id is a mark such as {@code [CLS]}, {@code </s>}, {@code <unk>} or a sentinel of T5,
   * rather than text.
   */
  boolean isSpecial(int id);

  /** One more than the largest id. */
  int vocabularySize();

  /**
   * The vocabulary's spelling of an id, such as {@code ##ing} or {@code Ġthe}.
   *
   * @throws IllegalArgumentException if no token has this id
   */
  String token(int id);

  /** The id of a vocabulary entry such as {@code [MASK]}, spelled as {@link #token} spells it. */
  OptionalInt id(String token);

  /** Frees native memory, if there is any. */
  @Override
  void close();
}
