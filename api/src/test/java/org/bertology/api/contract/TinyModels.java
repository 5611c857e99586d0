package org.bertology.api.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Pooling;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Models of a few hundred numbers: geometries, random weights, and batches with padding. */
public final class TinyModels {
  /** Of token ids. */
  public static final int VOCABULARY = 11;

  /** The longest sequence. */
  public static final int POSITIONS = 9;

  private static final int HEAD_SIZE = 4;
  private static final long SEED = 20190525;

  private TinyModels() {}

  /** A geometry of layers with 3 heads, none and 1, and 7 neurons, 5 and none. */
  public static TransformerConfig uneven(int labels) {
    return withLayers(
        labels,
        new LayerGeometry(3, HEAD_SIZE, 7),
        new LayerGeometry(0, HEAD_SIZE, 5),
        new LayerGeometry(1, HEAD_SIZE, 0));
  }

  /** A geometry of one layer without heads and one without anything. */
  public static TransformerConfig headless(int labels) {
    return withLayers(
        labels, new LayerGeometry(0, HEAD_SIZE, 6), new LayerGeometry(0, HEAD_SIZE, 0));
  }

  private static TransformerConfig withLayers(int labels, LayerGeometry... layers) {
    return new TransformerConfig(
        new Bert(), VOCABULARY, 12, List.of(layers), POSITIONS, 2, 1e-12, Activation.GELU, labels);
  }

  /** The uneven geometry for a task: three classes, a number, or means of states. */
  public static TransformerConfig uneven(Task task) {
    TransformerConfig config = uneven(task == Task.REGRESSION ? 1 : 3);
    return task == Task.SENTENCE_EMBEDDING ? config.withPooling(Pooling.MEAN) : config;
  }

  /** The tasks that these models have. */
  public static Set<Task> tasks() {
    return new Bert().tasks();
  }

  /** A geometry with parameters of more than 4 KiB. */
  public static TransformerConfig wide() {
    LayerGeometry layer = new LayerGeometry(2, HEAD_SIZE, 3);
    return new TransformerConfig(
        new Bert(), VOCABULARY, 128, List.of(layer), POSITIONS, 2, 1e-12, Activation.RELU, 3);
  }

  /** The same random numbers in [-1, 1) for the parameters that outputs depend on. */
  public static Weights weights(Graph graph, Collection<String> outputs) {
    Random random = new Random(SEED);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Value node : graph.nodes(outputs)) {
      if (node.op() instanceof Op.Parameter parameter) {
        weights.put(parameter.name(), random(random, parameter.shape().bind(Map.of())));
      }
    }
    return Weights.of(weights);
  }

  private static Tensor random(Random random, long[] shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(values, shape);
  }

  /** Token ids of examples of the given lengths. */
  public static List<int[]> ids(int... lengths) {
    Random random = new Random(SEED);
    List<int[]> rows = new ArrayList<>();
    for (int length : lengths) {
      rows.add(random.ints(length, 0, VOCABULARY).toArray());
    }
    return rows;
  }

  /** Their token types: the second half is of the second type. */
  public static List<int[]> types(int... lengths) {
    List<int[]> rows = new ArrayList<>();
    for (int length : lengths) {
      int[] row = new int[length];
      Arrays.fill(row, length / 2, length, 1);
      rows.add(row);
    }
    return rows;
  }
}
