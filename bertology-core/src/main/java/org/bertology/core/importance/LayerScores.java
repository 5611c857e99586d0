package org.bertology.core.importance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bertology.api.tensor.Tensor;

/** One number per unit of each layer; layers may differ in width. Immutable. */
public final class LayerScores {
  private final double[][] layers;

  private LayerScores(double[][] layers) {
    this.layers = layers;
  }

  /** Scores by layer; copied. */
  public static LayerScores of(double[][] layers) {
    return new LayerScores(Arrays.stream(layers).map(double[]::clone).toArray(double[][]::new));
  }

  /** Scores of all layers one after the other, cut into layers of the given widths. */
  public static LayerScores of(double[] flat, int[] widths) {
    double[][] layers = new double[widths.length][];
    int start = 0;
    for (int layer = 0; layer < widths.length; layer++) {
      layers[layer] = Arrays.copyOfRange(flat, start, start + widths[layer]);
      start += widths[layer];
    }
    return new LayerScores(layers);
  }

  public int layers() {
    return layers.length;
  }

  /** Units in a layer. */
  public int width(int layer) {
    return layers[layer].length;
  }

  /** Units in the widest layer. */
  public int maxWidth() {
    return Arrays.stream(layers).mapToInt(row -> row.length).max().orElse(0);
  }

  /** Units of all layers. */
  public int size() {
    return Arrays.stream(layers).mapToInt(row -> row.length).sum();
  }

  public double get(int layer, int unit) {
    return layers[layer][unit];
  }

  /** A copy of one layer. */
  public double[] layer(int layer) {
    return layers[layer].clone();
  }

  /** All scores, layer after layer. */
  public double[] flat() {
    return Arrays.stream(layers).flatMapToDouble(Arrays::stream).toArray();
  }

  /** The layers changed one by one. */
  LayerScores mapLayers(UnaryOperator<double[]> change) {
    return new LayerScores(
        Arrays.stream(layers).map(row -> change.apply(row.clone())).toArray(double[][]::new));
  }

  /** A unit's place in the order of scores. */
  public record Unit(int layer, int index, int flatIndex, double score) {}

  /**
   * All units, largest score first; equal scores in the order of layers and units, and behind all
   * others those that are not a number.
   */
  public List<Unit> ranking() {
    Comparator<Unit> noNumberLast = Comparator.comparing(unit -> Double.isNaN(unit.score()));
    return IntStream.range(0, layers.length)
        .boxed()
        .flatMap(layer -> IntStream.range(0, width(layer)).mapToObj(i -> unit(layer, i)))
        .sorted(noNumberLast.thenComparing(Comparator.comparingDouble(Unit::score).reversed()))
        .toList();
  }

  private Unit unit(int layer, int index) {
    int before = IntStream.range(0, layer).map(this::width).sum();
    return new Unit(layer, index, before + index, layers[layer][index]);
  }

  /** float32 {@code [layers, widest layer]}; NaN where a layer is narrower. */
  public Tensor toTensor() {
    int width = maxWidth();
    float[] values = new float[layers.length * width];
    Arrays.fill(values, Float.NaN);
    for (int layer = 0; layer < layers.length; layer++) {
      for (int i = 0; i < layers[layer].length; i++) {
        values[layer * width + i] = (float) layers[layer][i];
      }
    }
    return Tensor.of(values, layers.length, width);
  }
}
