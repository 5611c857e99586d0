package org.bertology.core.language;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.data.Label;
import org.bertology.core.run.EncodedExample;

/**
 * A text, or a window of one, as tokens.
 *
 * @param id names it in results
 * @param ids token ids, special tokens included
 * @param types token types, of the same length
 * @param words the places of tokens that may have to be found, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Passage(String id, int[] ids, int[] types, int[] words) {

  /** Its tokens as they are, with nothing to find. */
  EncodedExample asIs(int index) {
    return new EncodedExample(index, ids, types, Optional.empty());
  }

  /** The words as labels of the tokens before them. */
  EncodedExample next(int index) {
    int[] labels = noLabels();
    for (int word : words) {
      labels[word - 1] = ids[word];
    }
    return example(index, ids, labels);
  }

  /** Some words hidden, and labelled with themselves. */
  EncodedExample hidden(int index, int[] places, int maskId) {
    int[] seen = ids.clone();
    int[] labels = noLabels();
    for (int place : places) {
      seen[place] = maskId;
      labels[place] = ids[place];
    }
    return example(index, seen, labels);
  }

  private int[] noLabels() {
    int[] labels = new int[ids.length];
    Arrays.fill(labels, ModelInputs.IGNORED);
    return labels;
  }

  private EncodedExample example(int index, int[] seen, int[] labels) {
    List<Integer> perToken = Arrays.stream(labels).boxed().toList();
    return new EncodedExample(index, seen, types, Optional.of(new Label.PerToken(perToken)));
  }
}
