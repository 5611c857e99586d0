package org.bertology.core.importance;

import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** Entropy and confidence of every example and head, summed over tokens. */
record AttentionSums(ExampleMatrix entropy, ExampleMatrix confidence) {
  static AttentionSums of(int examples, int[] heads) {
    return new AttentionSums(
        new ExampleMatrix(examples, heads, ImportanceGraph::entropy),
        new ExampleMatrix(examples, heads, ImportanceGraph::confidence));
  }

  void add(List<EncodedExample> batch, Map<String, Tensor> results) {
    entropy.add(batch, results);
    confidence.add(batch, results);
  }
}
