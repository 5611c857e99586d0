package org.bertology.core.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/** The units of a kind that a mask has left, and masks of some of them. */
final class Players {
  private final List<Unit> units;
  private final float[][] factors;
  private final int[] flatIndices;

  Players(ModelMask mask, Mask kind) {
    List<Unit> all = mask.units(kind);
    this.flatIndices =
        IntStream.range(0, all.size()).filter(i -> mask.get(all.get(i)) != 0).toArray();
    this.units = Arrays.stream(flatIndices).mapToObj(all::get).toList();
    this.factors = floats(mask.factors(kind));
  }

  private static float[][] floats(double[][] layers) {
    float[][] copies = new float[layers.length][];
    for (int layer = 0; layer < layers.length; layer++) {
      copies[layer] = new float[layers[layer].length];
      for (int i = 0; i < copies[layer].length; i++) {
        copies[layer][i] = (float) layers[layer][i];
      }
    }
    return copies;
  }

  int count() {
    return units.size();
  }

  /** The players at positions {@code [from, to)}, as far as there are any. */
  List<Unit> units(int from, int to) {
    return units.subList(from, Math.min(to, units.size()));
  }

  /** The factors by layer without the players at positions {@code [from, to)} of an order. */
  float[][] without(int[] order, int from, int to) {
    float[][] left = Arrays.stream(factors).map(float[]::clone).toArray(float[][]::new);
    for (int i = from; i < to; i++) {
      Unit unit = units.get(order[i]);
      left[unit.layer()][unit.index()] = 0;
    }
    return left;
  }

  /** One number per player as one per unit, 0 for those that do not play. */
  double[] toUnits(double[] values) {
    double[] flat = new double[Arrays.stream(factors).mapToInt(layer -> layer.length).sum()];
    for (int i = 0; i < values.length; i++) {
      flat[flatIndices[i]] = values[i];
    }
    return flat;
  }

  int[] widths() {
    return Arrays.stream(factors).mapToInt(layer -> layer.length).toArray();
  }
}
