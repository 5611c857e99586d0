package org.bertology.core.activation;

import org.bertology.api.graph.Dim;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * How many tokens an example has.
 *
 * @param text of its text
 * @param target of its target text; 0 without one
 */
record Lengths(int text, int target) {
  static Lengths of(EncodedExample example) {
    return new Lengths(example.length(), example.targetLength());
  }

  /** Those of the longest text and of the longest target. */
  static Lengths longest(EncodedData data) {
    return new Lengths(
        data.examples().stream().mapToInt(EncodedExample::length).max().orElse(0),
        data.examples().stream().mapToInt(EncodedExample::targetLength).max().orElse(0));
  }

  /** The extent of an axis; one that is no number counts tokens. */
  long of(Dim dim) {
    if (dim.isLiteral()) {
      return dim.factor();
    }
    return dim.equals(ModelInputs.TARGET_TOKENS.dim(1)) ? target : text;
  }
}
