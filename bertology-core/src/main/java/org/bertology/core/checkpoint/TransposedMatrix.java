package org.bertology.core.checkpoint;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A floating-point matrix with its axes exchanged, kept while somebody uses it. */
public final class TransposedMatrix {
  /** Rows and columns of a tile: two of them, of eight-byte elements, fit a first-level cache. */
  private static final int TILE = 32;

  // Weak, not soft: it lies in direct memory, whose shortage clears no soft references.
  private WeakReference<@Nullable Tensor> kept = new WeakReference<>(null);

  /** The transpose of a matrix, which is the same one in every call. */
  public synchronized Tensor of(Tensor matrix) {
    Tensor transposed = kept.get();
    if (transposed == null) {
      transposed = transpose(matrix);
      kept = new WeakReference<>(transposed);
    }
    return transposed;
  }

  private static Tensor transpose(Tensor matrix) {
    ByteBuffer from = matrix.bytes();
    ByteBuffer to = ByteBuffer.allocateDirect(from.limit()).order(ByteOrder.LITTLE_ENDIAN);
    int rows = matrix.size() == 0 ? 0 : (int) matrix.extent(0);
    int columns = matrix.size() == 0 ? 0 : (int) matrix.extent(1);
    for (int row = 0; row < rows; row += TILE) {
      for (int column = 0; column < columns; column += TILE) {
        for (int i = row; i < Math.min(rows, row + TILE); i++) {
          for (int j = column; j < Math.min(columns, column + TILE); j++) {
            copy(from, i * columns + j, to, j * rows + i, matrix.type().bytes());
          }
        }
      }
    }
    return Tensor.of(matrix.type(), new long[] {matrix.extent(1), matrix.extent(0)}, to);
  }

  private static void copy(ByteBuffer from, int source, ByteBuffer to, int target, int width) {
    if (width == Long.BYTES) {
      to.putLong(target * Long.BYTES, from.getLong(source * Long.BYTES));
    } else {
      to.putInt(target * Integer.BYTES, from.getInt(source * Integer.BYTES));
    }
  }
}
