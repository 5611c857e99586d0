package org.bertology.core.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.data.Label;
import org.bertology.core.run.EncodedExample;

/** Made-up examples to run a model on that comes without data. */
public final class CheckExamples {
  /** Before them comes one as long as the model allows. */
  private static final int[] LENGTHS = {33, 17, 8, 3, 1};

  /** A prime, so that ids spread over the vocabulary. */
  private static final int STEP = 7919;

  private CheckExamples() {}

  /**
   * The same examples for the same geometry: of several lengths, all token types, ids all over,
   * with targets for a decoder, and of pairs for sentence embedding.
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
    int tokens = config.pooling().isPresent() ? 2 * length : length;
    int[] types = new int[tokens];
    Arrays.setAll(types, i -> i % length * config.tokenTypes() / length);
    int[] ids = ids(index, tokens, config);
    return new EncodedExample(index, ids, types, new int[0], length, target(index, config));
  }

  private static int[] ids(int first, int length, TransformerConfig config) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> (int) ((1L + first + i) * STEP % config.vocabularySize()));
    return ids;
  }

  /** Targets grow while texts shrink; only a model with a decoder has them. */
  private static Optional<Label> target(int index, TransformerConfig config) {
    if (config.count(Stack.DECODER) == 0) {
      return Optional.empty();
    }
    int length = Math.min(config.maxPositions(), 1 + 4 * index);
    return Optional.of(
        new Label.Target(Arrays.stream(ids(index, length, config)).boxed().toList()));
  }
}
