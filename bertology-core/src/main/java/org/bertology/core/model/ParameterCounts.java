package org.bertology.core.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Bert;
import org.bertology.api.model.Hooks;
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
  private static final Pattern LAYER =
      Pattern.compile("\\w+\\.encoder\\.layer\\.(\\d+)\\.(attention\\.)?.*");
  private static final Pattern EMBEDDINGS = Pattern.compile("\\w+\\.embeddings\\..*");

  public ParameterCounts {
    attention = List.copyOf(attention);
    feedforward = List.copyOf(feedforward);
  }

  /**
   * The parameters of a geometry, whether or not there is a checkpoint; an encoder has a pooler.
   */
  public static ParameterCounts of(TransformerConfig config, Task task) {
    Graph graph = Bert.graph(config, task, Set.of());
    return of(shapes(graph, task == Task.ENCODER ? Hooks.POOLED : Hooks.LOGITS));
  }

  /** The shapes of the parameters that an output depends on, by name. */
  static Map<String, long[]> shapes(Graph graph, String output) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Value node : graph.nodes(List.of(output))) {
      if (node.op() instanceof Op.Parameter parameter) {
        shapes.put(parameter.name(), parameter.shape().bind(Map.of()));
      }
    }
    return shapes;
  }

  static ParameterCounts of(Map<String, long[]> shapes) {
    Map<Integer, Long> attention = new LinkedHashMap<>();
    Map<Integer, Long> feedforward = new LinkedHashMap<>();
    long embeddings = 0;
    long head = 0;
    for (Map.Entry<String, long[]> parameter : shapes.entrySet()) {
      long size = Arrays.stream(parameter.getValue()).reduce(1, Math::multiplyExact);
      Matcher layer = LAYER.matcher(parameter.getKey());
      if (layer.matches()) {
        (layer.group(2) == null ? feedforward : attention)
            .merge(Integer.valueOf(layer.group(1)), size, Long::sum);
      } else if (EMBEDDINGS.matcher(parameter.getKey()).matches()) {
        embeddings += size;
      } else {
        head += size;
      }
    }
    return new ParameterCounts(embeddings, byLayer(attention), byLayer(feedforward), head);
  }

  private static List<Long> byLayer(Map<Integer, Long> counts) {
    return IntStream.range(0, counts.size())
        .mapToObj(layer -> counts.getOrDefault(layer, 0L))
        .toList();
  }

  /** All parameters. */
  public long total() {
    return embeddings + sum(attention) + sum(feedforward) + head;
  }

  private static long sum(List<Long> counts) {
    return counts.stream().flatMapToLong(LongStream::of).sum();
  }
}
