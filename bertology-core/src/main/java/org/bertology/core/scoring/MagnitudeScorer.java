package org.bertology.core.scoring;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;

/**
 * Scores by the Euclidean norm of the weights that go when a unit is cut; no example is run, and
 * masks change nothing. They are:
 *
 * <ul>
 *   <li>of a head, its rows of the query, key and value projections and of their biases, and its
 *       columns of the output projection, whose bias is of no head;
 *   <li>of a neuron, its row of the first feed-forward map and of the bias, and its column of the
 *       second;
 *   <li>of a layer, everything in it, layer norms included.
 * </ul>
 */
public final class MagnitudeScorer implements Scorer {
  public static final String KEY = "magnitude";

  private static final String LAYER = "bert.encoder.layer.%d.";
  private static final List<String> HEAD_ROWS =
      List.of("attention.self.query", "attention.self.key", "attention.self.value");
  private static final String HEAD_COLUMNS = "attention.output.dense";
  private static final String NEURON_ROWS = "intermediate.dense";
  private static final String NEURON_COLUMNS = "output.dense";

  private final TransformerConfig config;
  private final Weights weights;
  private final Target target;
  private final Normalization normalization;

  private MagnitudeScorer(
      TransformerConfig config, Weights weights, Target target, Normalization normalization) {
    this.config = config;
    this.weights = weights;
    this.target = target;
    this.normalization = normalization;
  }

  /** The scorer of a model's weights. */
  public static MagnitudeScorer open(Model model, ScorerOptions options) {
    return new MagnitudeScorer(
        model.config(), model.checkpoint().weights(), options.target(), options.normalization());
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LayerScores scores(ModelMask mask) {
    IntFunction<double[]> squares =
        switch (target) {
          case HEADS -> this::heads;
          case NEURONS -> this::neurons;
          case LAYERS -> this::layer;
        };
    double[][] norms =
        IntStream.range(0, config.layers().size())
            .mapToObj(squares)
            .map(MagnitudeScorer::roots)
            .toArray(double[][]::new);
    return normalization.of(LayerScores.of(norms));
  }

  private static double[] roots(double[] squares) {
    return IntStream.range(0, squares.length).mapToDouble(i -> Math.sqrt(squares[i])).toArray();
  }

  private double[] heads(int layer) {
    double[] squares = new double[config.layers().get(layer).heads()];
    if (squares.length > 0) {
      HEAD_ROWS.forEach(map -> addRows(squares, layer, map));
      addColumns(squares, layer, HEAD_COLUMNS);
    }
    return squares;
  }

  private double[] neurons(int layer) {
    double[] squares = new double[config.layers().get(layer).intermediateSize()];
    if (squares.length > 0) {
      addRows(squares, layer, NEURON_ROWS);
      addColumns(squares, layer, NEURON_COLUMNS);
    }
    return squares;
  }

  private double[] layer(int layer) {
    double[] squares = new double[1];
    String prefix = LAYER.formatted(layer);
    weights.names().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> addParts(squares, weights.get(name)));
    return squares;
  }

  /** A weight {@code [units · rows, width]} and its bias {@code [units · rows]}. */
  private void addRows(double[] squares, int layer, String map) {
    String name = LAYER.formatted(layer) + map;
    addParts(squares, weights.get(name + ".weight"));
    addParts(squares, weights.get(name + ".bias"));
  }

  /** As many parts of equal size as there are units, one after the other. */
  private static void addParts(double[] squares, Tensor tensor) {
    double[] values = tensor.toDoubles();
    int part = values.length / squares.length;
    for (int i = 0; i < values.length; i++) {
      squares[i / part] += values[i] * values[i];
    }
  }

  /** A weight {@code [width, units · columns]}. */
  private void addColumns(double[] squares, int layer, String map) {
    Tensor tensor = weights.get(LAYER.formatted(layer) + map + ".weight");
    double[] values = tensor.toDoubles();
    int width = (int) tensor.extent(1);
    int part = width / squares.length;
    for (int i = 0; i < values.length; i++) {
      squares[i % width / part] += values[i] * values[i];
    }
  }

  @Override
  public void close() {}
}
