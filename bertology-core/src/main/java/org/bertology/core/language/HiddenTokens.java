package org.bertology.core.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bertology.core.data.Example;
import org.bertology.core.tokenize.Encoding;

/**
 * Tokens that are hidden.
 *
 * @param maskId what is seen in their place
 * @param seed of what is drawn
 */
record HiddenTokens(Passages passages, Masking masking, int maskId, long seed) implements Quest {
  /** Spreads neighbouring seeds and numbers over all bits. */
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  @Override
  public String description(boolean plain) {
    return masking.description() + (masking.isDrawn() ? "; seed " + seed : "");
  }

  @Override
  public Passage passage(String id, Encoding text) {
    return passages.hideable(id, text);
  }

  @Override
  public List<Passage> windows(Example text, int limit) {
    return passages.pieces(text, limit);
  }

  @Override
  public List<Named> examples(Passage passage, int number, int index) {
    if (passage.words().length == 0) {
      return List.of();
    }
    // Drawn for each passage by itself, so that it does not matter which others are read.
    SplittableRandom random = new SplittableRandom((seed ^ number * GOLDEN_RATIO) + number);
    List<Named> examples = new ArrayList<>();
    for (int[] places : masking.places(passage.words(), random)) {
      examples.add(
          new Named(
              name(passage, places), passage.hidden(index + examples.size(), places, maskId)));
    }
    return examples;
  }

  private String name(Passage passage, int[] places) {
    return masking.isOneByOne()
        ? passage.id() + ":" + (1 + Arrays.binarySearch(passage.words(), places[0]))
        : passage.id();
  }
}
