package org.bertology.core.run;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.data.Label;

/**
 * An example as token ids.
 *
 * @param index its position in the data, from 0
 * @param ids token ids, special tokens included
 * @param types token types, of the same length
 * @param words of every token the word that it is the first token of, counted from 0, or {@link
 *     #NO_WORD}; empty if the text was not given as words
 * @param firstLength how many of the tokens are the first of two texts that are each encoded alone,
 *     for sentence embedding; all where that is not so
 * @param label its label, if there is one
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; copying every example would double memory
public record EncodedExample(
    int index, int[] ids, int[] types, int[] words, int firstLength, Optional<Label> label) {
  /** At tokens that no word begins with: further ones of a word, and special ones. */
  public static final int NO_WORD = -1;

  public EncodedExample {
    if (label.isPresent()
        && label.get() instanceof Label.PerToken tokens
        && tokens.indices().size() != ids.length) {
      throw new IllegalArgumentException(
          "example %d has %d tokens but %d labels; special tokens need one too"
              .formatted(index, ids.length, tokens.indices().size()));
    }
    if (firstLength < 0 || firstLength > ids.length) {
      throw new IllegalArgumentException(
          "example %d has %d tokens, its first text cannot have %d"
              .formatted(index, ids.length, firstLength));
    }
    if (words.length != 0 && words.length != ids.length) {
      throw new IllegalArgumentException(
          "example %d has %d tokens but tells the words of %d"
              .formatted(index, ids.length, words.length));
    }
  }

  /** An example of one text, or of two that are encoded together. */
  public EncodedExample(int index, int[] ids, int[] types, int[] words, Optional<Label> label) {
    this(index, ids, types, words, ids.length, label);
  }

  /** An example whose text was not given as words. */
  public EncodedExample(int index, int[] ids, int[] types, Optional<Label> label) {
    this(index, ids, types, new int[0], label);
  }

  /** The same example at another position. */
  public EncodedExample at(int position) {
    return new EncodedExample(position, ids, types, words, firstLength, label);
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }

  /** The first text alone, of two that are each encoded alone; this example, of any other. */
  public EncodedExample firstText() {
    return firstLength == length()
        ? this
        : new EncodedExample(
            index,
            Arrays.copyOf(ids, firstLength),
            Arrays.copyOf(types, firstLength),
            Optional.empty());
  }

  /** The number of tokens of the longest text that is encoded alone. */
  public int longestText() {
    return Math.max(firstLength, length() - firstLength);
  }

  /** The number of tokens of the target text; 0 if there is none. */
  public int targetLength() {
    return label.isPresent() && label.get() instanceof Label.Target target
        ? target.ids().size()
        : 0;
  }

  /** The tokens of the text, and those of the target text if there is one. */
  public int allTokens() {
    return length() + targetLength();
  }

  /** Whether the text was given as words. */
  public boolean hasWords() {
    return words.length > 0;
  }

  /**
   * The tokens that a model with an answer per token answers for: the first token of each word or,
   * where the text was not given as words, those with a label, or all; the tokens of the target if
   * there is one.
   */
  public int[] answeredTokens() {
    if (targetLength() > 0) {
      return IntStream.range(0, targetLength()).toArray();
    }
    IntStream all = IntStream.range(0, length());
    if (hasWords()) {
      return all.filter(token -> word(token).isPresent()).toArray();
    }
    return label.isPresent() && label.get() instanceof Label.PerToken tokens
        ? all.filter(token -> tokens.indices().get(token) != ModelInputs.IGNORED).toArray()
        : all.toArray();
  }

  /** The word that a token is the first of, if there is one. */
  public OptionalInt word(int token) {
    return hasWords() && words[token] != NO_WORD
        ? OptionalInt.of(words[token])
        : OptionalInt.empty();
  }
}
