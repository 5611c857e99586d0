package org.bertology.core.run;

import java.util.ArrayList;
import java.util.List;
import org.bertology.core.data.Example;
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

  /** Tokenizes examples, cutting each to {@code maxLength} tokens. */
  public static EncodedData of(Iterable<Example> examples, Tokenizer tokenizer, int maxLength) {
    List<EncodedExample> encoded = new ArrayList<>();
    int truncated = 0;
    for (Example example : examples) {
      Encoding encoding =
          example
              .pair()
              .map(pair -> tokenizer.encodePair(example.text(), pair, maxLength))
              .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
      truncated += encoding.truncated() ? 1 : 0;
      encoded.add(
          new EncodedExample(encoded.size(), encoding.ids(), encoding.typeIds(), example.label()));
    }
    return new EncodedData(encoded, truncated);
  }

  public int size() {
    return examples.size();
  }

  /** Tokens of all examples, padding not counted. */
  public long tokens() {
    return examples.stream().mapToLong(EncodedExample::length).sum();
  }
}
