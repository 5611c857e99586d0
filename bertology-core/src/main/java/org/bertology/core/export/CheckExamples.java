package org.bertology.core.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.run.EncodedExample;

/** Made-up examples to run a model on that comes without data. */
public final class CheckExamples {
  /** Before them comes one as long as the model allows. */
  private static final int[] LENGTHS = {33, 17, 8, 3, 1};

  /** A prime, so that ids spread over the vocabulary. */
  private static final int STEP = 7919;

  private CheckExamples() {}

  /**
   * The same examples for the same geometry: of several lengths, all token types, ids all over; of
   * pairs for sentence embedding.
   */
  public static List<EncodedExample> of(TransformerConfig config) {
    List<EncodedExample> examples = new ArrayList<>();
    examples.add(example(0, config.maxPositions(), config));
    for (int length : LENGTHS) {
      if (length < config.maxPositions()) {
        examples.add(example(examples.size(), length, config));
      }
    }
    return examples;
  }

  private static EncodedExample example(int index, int length, TransformerConfig config) {
    int texts = config.pooling().isPresent() ? 2 : 1;
    int[] ids = new int[texts * length];
    int[] types = new int[texts * length];
    Arrays.setAll(ids, i -> (int) ((1L + index + i) * STEP % config.vocabularySize()));
    Arrays.setAll(types, i -> i % length * config.tokenTypes() / length);
    return new EncodedExample(index, ids, types, new int[0], length, Optional.empty());
  }
}
