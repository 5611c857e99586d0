package org.bertology.api.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How a parameter is divided among the heads or neurons of its layer, so that it can be cut: along
 * an axis lie {@code blocks} equal blocks, each of {@code size} entries for every unit.
 *
 * @param kind {@link Mask#HEADS} or {@link Mask#NEURONS}
 * @param axis of the parameter, from 0
 * @param blocks 1, or 3 where query, key and value are one parameter
 * @param size entries of one unit in a block, the head size of a projection
 */
public record Slices(Mask kind, int axis, int blocks, int size) {
  public Slices {
    if (kind == Mask.LAYERS || axis < 0 || blocks < 1 || size < 1) {
      throw new IllegalArgumentException(
          "heads or neurons have slices of size 1 or more, got %s, axis %d, %d blocks of size %d"
              .formatted(kind, axis, blocks, size));
    }
  }

  /**
   * The entries along the axis that belong to some units, ascending.
   *
   * @param units the units, ascending
   * @param count how many units there are
   */
  public int[] entries(int[] units, int count) {
    return IntStream.range(0, blocks)
        .flatMap(block -> Arrays.stream(units).map(unit -> block * count + unit))
        .flatMap(unit -> IntStream.range(unit * size, (unit + 1) * size))
        .toArray();
  }
}
