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
  /** The number of tokens. */
  public int length() {
    return ids.length;
  }
}
