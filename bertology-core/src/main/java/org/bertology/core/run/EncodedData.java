package org.bertology.core.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.ContentException;
import org.bertology.core.data.Example;
import org.bertology.core.data.Label;
import org.bertology.core.tokenize.Encoding;
import org.bertology.core.tokenize.Tokenizer;

/**
 * A data set as token ids, in its own order.
 *
 * @param examples all examples
 * @param truncated how many of them were longer than the maximum and lost tokens
 */
public record EncodedData(List<EncodedExample> examples, int truncated) {
  public EncodedData {
    examples = List.copyOf(examples);
  }

  /**
   * Tokenizes examples, cutting each to {@code maxLength} tokens, and a target text too. The label
   * of a word becomes that of its first token; words that are cut off lose theirs.
   *
   * @throws ContentException if no word that is left of an example has a label, and one that was
   *     cut off had
   */
  public static EncodedData of(Iterable<Example> examples, Tokenizer tokenizer, int maxLength) {
    List<EncodedExample> encoded = new ArrayList<>();
    int truncated = 0;
    for (Example example : examples) {
      Encoding encoding = encoding(example, tokenizer, maxLength);
      Optional<Encoding> target = target(example, tokenizer, maxLength);
      boolean cut = encoding.truncated() || target.filter(Encoding::truncated).isPresent();
      truncated += cut ? 1 : 0;
      int[] words = example.words().isEmpty() ? new int[0] : firstTokens(encoding);
      Optional<Label> label =
          target.isPresent()
              ? target.map(text -> new Label.Target(Arrays.stream(text.ids()).boxed().toList()))
              : example.label().map(given -> perToken(given, words, example));
      encoded.add(
          new EncodedExample(encoded.size(), encoding.ids(), encoding.typeIds(), words, label));
    }
    return new EncodedData(encoded, truncated);
  }

  /**
   * Tokenizes each text of a pair alone, with its own special tokens and cut to {@code maxLength},
   * and puts the second behind the first.
   *
   * @throws ContentException if an example has a label but no second text
   */
  public static EncodedData ofSentences(
      Iterable<Example> examples, Tokenizer tokenizer, int maxLength) {
    List<EncodedExample> encoded = new ArrayList<>();
    int truncated = 0;
    for (Example example : examples) {
      if (example.label().isPresent() && example.pair().isEmpty()) {
        throw new ContentException(
            "example '%s' (line %d) has a similarity but no second text; name the column of the second text"
                .formatted(example.id(), example.line()));
      }
      Encoding first = tokenizer.encode(example.text(), maxLength);
      Optional<Encoding> second = example.pair().map(text -> tokenizer.encode(text, maxLength));
      boolean cut = first.truncated() || second.map(Encoding::truncated).orElse(false);
      truncated += cut ? 1 : 0;
      encoded.add(
          new EncodedExample(
              encoded.size(),
              joined(first.ids(), second.map(Encoding::ids)),
              joined(first.typeIds(), second.map(Encoding::typeIds)),
              new int[0],
              first.length(),
              example.label()));
    }
    return new EncodedData(encoded, truncated);
  }

  private static int[] joined(int[] first, Optional<int[]> second) {
    int[] behind = second.orElse(new int[0]);
    int[] both = Arrays.copyOf(first, first.length + behind.length);
    System.arraycopy(behind, 0, both, first.length, behind.length);
    return both;
  }

  private static Optional<Encoding> target(Example example, Tokenizer tokenizer, int maxLength) {
    return example
        .label()
        .filter(Label.TargetText.class::isInstance)
        .map(label -> tokenizer.encode(((Label.TargetText) label).text(), maxLength));
  }

  private static Encoding encoding(Example example, Tokenizer tokenizer, int maxLength) {
    if (!example.words().isEmpty()) {
      return tokenizer.encodeWords(example.words(), maxLength);
    }
    return example
        .pair()
        .map(pair -> tokenizer.encodePair(example.text(), pair, maxLength))
        .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
  }

  /** Of every token the word that it is the first of, or {@link EncodedExample#NO_WORD}. */
  private static int[] firstTokens(Encoding encoding) {
    int[] words = encoding.wordIds();
    int last = EncodedExample.NO_WORD;
    for (int token = 0; token < words.length; token++) {
      int word = words[token];
      words[token] = word == last ? EncodedExample.NO_WORD : word;
      last = word;
    }
    return words;
  }

  private static Label perToken(Label label, int[] words, Example example) {
    if (!(label instanceof Label.PerWord perWord)) {
      return label;
    }
    int[] indices = new int[words.length];
    Arrays.setAll(
        indices,
        token ->
            words[token] == EncodedExample.NO_WORD
                ? ModelInputs.IGNORED
                : perWord.indices().get(words[token]));
    if (Arrays.stream(indices).allMatch(index -> index == ModelInputs.IGNORED)) {
      throw new ContentException(
          "example '%s' (line %d) has no labelled word among its first %d tokens; raise the maximum length, or leave the example out"
              .formatted(example.id(), example.line(), words.length));
    }
    return new Label.PerToken(Arrays.stream(indices).boxed().toList());
  }

  public int size() {
    return examples.size();
  }

  /** Tokens of all examples, padding and target texts not counted. */
  public long tokens() {
    return examples.stream().mapToLong(EncodedExample::length).sum();
  }
}
