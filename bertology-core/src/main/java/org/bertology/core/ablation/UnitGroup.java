package org.bertology.core.ablation;

import java.util.List;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.core.model.Unit;

/**
 * Units of one layer, next to each other, that are ablated together.
 *
 * @param kind of the units
 * @param layer counted from 0
 * @param index of the group in its layer, counted from 0
 * @param first of the units, counted from 0
 * @param size how many units; at least 1
 */
public record UnitGroup(Mask kind, int layer, int index, int first, int size) {
  public UnitGroup {
    if (layer < 0 || index < 0 || first < index || size < 1) {
      throw new IllegalArgumentException(
          "no group %d of %s in layer %d has %d units from %d on"
              .formatted(index, kind, layer, size, first));
    }
  }

  /** The last of the units, counted from 0. */
  public int last() {
    return first + size - 1;
  }

  /** All units of the group. */
  public List<Unit> units() {
    return IntStream.rangeClosed(first, last()).mapToObj(i -> new Unit(kind, layer, i)).toList();
  }
}
