package org.bertology.core.model;

import org.bertology.api.model.Mask;

/**
 * A part of a model that can be masked and cut.
 *
 * @param kind whether it is a head, a neuron or a layer
 * @param layer counted from 0
 * @param index in its layer, counted from 0; 0 for a layer
 */
public record Unit(Mask kind, int layer, int index) {
  public Unit {
    if (layer < 0 || index < 0 || (kind == Mask.LAYERS && index != 0)) {
      throw new IllegalArgumentException(
          "no unit of %s has layer %d and index %d".formatted(kind, layer, index));
    }
  }

  public static Unit head(int layer, int head) {
    return new Unit(Mask.HEADS, layer, head);
  }

  public static Unit neuron(int layer, int neuron) {
    return new Unit(Mask.NEURONS, layer, neuron);
  }

  public static Unit layer(int layer) {
    return new Unit(Mask.LAYERS, layer, 0);
  }
}
