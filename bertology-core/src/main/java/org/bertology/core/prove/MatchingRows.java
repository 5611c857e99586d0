package org.bertology.core.prove;

import java.util.BitSet;
import java.util.Optional;
import org.bertology.api.tensor.Tensor;

/** Which rows of a matrix are left in another one. */
final class MatchingRows {
  /** What rounding to bfloat16 changes, as a fraction of the value; other types change less. */
  private static final float ROUNDING = 0x1p-8f;

  /** And what rounding to float16 changes where it has no digits left. */
  private static final float SMALLEST = 0x1p-25f;

  private final float[] all;
  private final float[] left;
  private final int width;

  private MatchingRows(float[] all, float[] left, int width) {
    this.all = all;
    this.left = left;
    this.width = width;
  }

  /**
   * The places of the rows of {@code left} among those of {@code all}, if they are there in the
   * same order. Rows that were rounded to 16 bits count as equal.
   */
  static Optional<BitSet> of(Tensor all, Tensor left) {
    MatchingRows rows = new MatchingRows(all.toFloats(), left.toFloats(), (int) all.extent(-1));
    BitSet places = new BitSet();
    int row = 0;
    for (int i = 0; i < left.extent(0); i++) {
      while (row < all.extent(0) && !rows.equal(row, i)) {
        row++;
      }
      if (row == all.extent(0)) {
        return Optional.empty();
      }
      places.set(row);
      row++;
    }
    return Optional.of(places);
  }

  private boolean equal(int row, int leftRow) {
    for (int i = 0; i < width; i++) {
      float value = all[row * width + i];
      float difference = Math.abs(left[leftRow * width + i] - value);
      if (!(difference <= Math.abs(value) * ROUNDING + SMALLEST)) {
        return false;
      }
    }
    return true;
  }
}
