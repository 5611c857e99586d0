package org.bertology.core.run;

import java.util.Optional;
import org.bertology.core.data.Label;

/**
 * An example as token ids.
 *
 * @param index its position in the data, from 0
 * @param ids token ids, special tokens included
 * @param types token types, of the same length
 * @param label its label, if there is one
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; copying every example would double memory
public record EncodedExample(int index, int[] ids, int[] types, Optional<Label> label) {
  public EncodedExample {
    if (label.isPresent()
        && label.get() instanceof Label.PerToken tokens
        && tokens.indices().size() != ids.length) {
      throw new IllegalArgumentException(
          "example %d has %d tokens but %d labels; special tokens need one too"
              .formatted(index, ids.length, tokens.indices().size()));
    }
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }
}
