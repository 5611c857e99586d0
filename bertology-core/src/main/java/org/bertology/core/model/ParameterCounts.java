package org.bertology.core.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;

/**
 * How many numbers a model's parameters hold; shared ones count once.
 *
 * @param embeddings tables and their normalisation
 * @param attention by layer: projections and the normalisation after them
 * @param feedforward by layer: both linear maps and the normalisation after them
 * @param head all else: the pooler and what belongs to the task
 */
public record ParameterCounts(
    long embeddings, List<Long> attention, List<Long> feedforward, long head) {
  public ParameterCounts {
    attention = List.copyOf(attention);
    feedforward = List.copyOf(feedforward);
  }

  /**
   * The parameters of a geometry, whether or not there is a checkpoint; an encoder that can have a
   * pooler has one.
   */
  public static ParameterCounts of(TransformerConfig config, Task task) {
    return of(config, ModelDefinition.of(config, task, Set.of()).parameters().values());
  }

  static ParameterCounts of(TransformerConfig config, Collection<ModelParameter> parameters) {
    long[] attention = new long[config.layers().size()];
    long[] feedforward = new long[config.layers().size()];
    long embeddings = 0;
    long head = 0;
    for (ModelParameter parameter : parameters) {
      long size = parameter.size();
      int layer = parameter.place().layer().orElse(0);
      switch (parameter.place().component()) {
        case EMBEDDINGS -> embeddings += size;
        case ATTENTION -> attention[layer] += size;
        case FEEDFORWARD -> feedforward[layer] += size;
        case HEAD -> head += size;
      }
    }
    return new ParameterCounts(embeddings, list(attention), list(feedforward), head);
  }

  private static List<Long> list(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }

  /** All parameters. */
  public long total() {
    return embeddings + sum(attention) + sum(feedforward) + head;
  }

  private static long sum(List<Long> counts) {
    return counts.stream().flatMapToLong(LongStream::of).sum();
  }
}
