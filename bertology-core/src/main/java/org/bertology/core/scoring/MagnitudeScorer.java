package org.bertology.core.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Slices;
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

  private final TransformerConfig config;
  private final List<ModelParameter> parameters;
  private final Weights weights;
  private final Target target;
  private final Normalization normalization;

  private MagnitudeScorer(
      TransformerConfig config,
      List<ModelParameter> parameters,
      Weights weights,
      Target target,
      Normalization normalization) {
    this.config = config;
    this.parameters = parameters;
    this.weights = weights;
    this.target = target;
    this.normalization = normalization;
  }

  /** The scorer of a model's weights. */
  public static MagnitudeScorer open(Model model, ScorerOptions options) {
    return new MagnitudeScorer(
        model.config(),
        model.parametersOfLayers(),
        model.checkpoint().weights(),
        options.target(),
        options.normalization());
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
    double[][] squares = new double[config.layers().size()][];
    for (int layer = 0; layer < squares.length; layer++) {
      squares[layer] = new double[target.mask().width(config.layers().get(layer))];
    }
    parameters.forEach(parameter -> add(squares, parameter));
    double[][] norms = Arrays.stream(squares).map(MagnitudeScorer::roots).toArray(double[][]::new);
    return normalization.of(LayerScores.of(norms));
  }

  private static double[] roots(double[] squares) {
    return IntStream.range(0, squares.length).mapToDouble(i -> Math.sqrt(squares[i])).toArray();
  }

  private void add(double[][] squares, ModelParameter parameter) {
    for (Place place : parameter.places()) {
      int layer = place.layer().orElseThrow();
      if (target == Target.LAYERS) {
        squares[config.maskedWith(layer)][0] += sum(weights.get(parameter.name()));
      } else {
        parameter
            .slices()
            .filter(slices -> slices.kind() == target.mask() && squares[layer].length > 0)
            .ifPresent(slices -> add(squares[layer], weights.get(parameter.name()), slices));
      }
    }
  }

  private static double sum(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).map(x -> x * x).sum();
  }

  /** Adds each unit's share of a tensor. */
  private static void add(double[] squares, Tensor tensor, Slices slices) {
    double[] values = tensor.toDoubles();
    int stride = 1;
    for (int axis = slices.axis() + 1; axis < tensor.shape().length; axis++) {
      stride *= (int) tensor.extent(axis);
    }
    int extent = (int) tensor.extent(slices.axis());
    for (int i = 0; i < values.length; i++) {
      int entry = i / stride % extent;
      squares[entry / slices.size() % squares.length] += values[i] * values[i];
    }
  }

  @Override
  public void close() {}
}
