package org.bertology.api.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * An immutable array in host memory: element type, shape, and little-endian data in row-major
 * order.
 *
 * <p>The data may lie on the heap, in direct memory or in a mapped file; views handed out are
 * read-only. A tensor holds at most {@link Integer#MAX_VALUE} bytes.
 */
public final class Tensor {
  private final DType type;
  private final long[] shape;
  private final int size;
  private final ByteBuffer data;

  private Tensor(DType type, long[] shape, int size, ByteBuffer data) {
    this.type = type;
    this.shape = shape;
    this.size = size;
    this.data = data;
  }

  /**
   * A tensor over the remaining bytes of {@code data}, which is neither copied nor changed; the
   * caller must not write to it any more.
   *
   * @throws IllegalArgumentException if the bytes are not exactly what the shape needs
   */
  public static Tensor of(DType type, long[] shape, ByteBuffer data) {
    long elements = elements(shape);
    long expected = Math.multiplyExact(elements, (long) type.bytes());
    if (expected > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor of %s %s needs %d bytes; one tensor holds at most %d"
              .formatted(type, Arrays.toString(shape), expected, Integer.MAX_VALUE));
    }
    if (data.remaining() != expected) {
      throw new IllegalArgumentException(
          "a tensor of %s %s needs %d bytes, got %d"
              .formatted(type, Arrays.toString(shape), expected, data.remaining()));
    }
    ByteBuffer view = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(type, shape.clone(), (int) elements, view);
  }

  public static Tensor of(float[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, DType.F32);
    bytes.asFloatBuffer().put(values);
    return of(DType.F32, shape, bytes);
  }

  public static Tensor of(double[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, DType.F64);
    bytes.asDoubleBuffer().put(values);
    return of(DType.F64, shape, bytes);
  }

  public static Tensor of(int[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, DType.I32);
    bytes.asIntBuffer().put(values);
    return of(DType.I32, shape, bytes);
  }

  public static Tensor of(long[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, DType.I64);
    bytes.asLongBuffer().put(values);
    return of(DType.I64, shape, bytes);
  }

  public static Tensor of(boolean[] values, long... shape) {
    ByteBuffer bytes = allocate(values.length, DType.BOOL);
    for (int i = 0; i < values.length; i++) {
      bytes.put(i, (byte) (values[i] ? 1 : 0));
    }
    return of(DType.BOOL, shape, bytes);
  }

  /** A float tensor with the same value everywhere. */
  public static Tensor filled(float value, long... shape) {
    float[] values = new float[(int) elements(shape)];
    Arrays.fill(values, value);
    return of(values, shape);
  }

  private static ByteBuffer allocate(int elements, DType type) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "shape %s has a negative extent".formatted(Arrays.toString(shape)));
      }
      elements = Math.multiplyExact(elements, extent);
    }
    return elements;
  }

  public DType type() {
    return type;
  }

  /** A copy of the extents. */
  public long[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  /** The extent of an axis; negative axes count from the end. */
  public long extent(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** A read-only little-endian view of the data, independent in position and limit. */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A read-only view; the tensor must be {@link DType#F32}. */
  public FloatBuffer floats() {
    require(DType.F32);
    return bytes().asFloatBuffer();
  }

  /** A read-only view; the tensor must be {@link DType#F64}. */
  public DoubleBuffer doubles() {
    require(DType.F64);
    return bytes().asDoubleBuffer();
  }

  /** A read-only view; the tensor must be {@link DType#I32}. */
  public IntBuffer ints() {
    require(DType.I32);
    return bytes().asIntBuffer();
  }

  /** A read-only view; the tensor must be {@link DType#I64}. */
  public LongBuffer longs() {
    require(DType.I64);
    return bytes().asLongBuffer();
  }

  private void require(DType wanted) {
    if (type != wanted) {
      throw new IllegalStateException(
          "this tensor is %s, not %s; convert it first".formatted(type, wanted));
    }
  }

  /** All values, widened to double; BOOL gives 0 and 1. */
  public double[] toDoubles() {
    double[] values = new double[size];
    IntToDoubleFunction element = reader();
    for (int i = 0; i < size; i++) {
      values[i] = element.applyAsDouble(i);
    }
    return values;
  }

  /** All values as float, rounded where the tensor is wider. */
  public float[] toFloats() {
    float[] values = new float[size];
    if (type == DType.F32) {
      floats().get(values);
      return values;
    }
    IntToDoubleFunction element = reader();
    for (int i = 0; i < size; i++) {
      values[i] = (float) element.applyAsDouble(i);
    }
    return values;
  }

  /** All values of an integer or BOOL tensor. */
  public long[] toLongs() {
    if (type.isFloating()) {
      throw new IllegalStateException("this tensor is %s, not an integer type".formatted(type));
    }
    long[] values = new long[size];
    ByteBuffer view = bytes();
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (type) {
            case I32 -> view.getInt(4 * i);
            case I64 -> view.getLong(8 * i);
            case BOOL -> view.get(i);
            case F32, F64 -> throw new IllegalStateException();
          };
    }
    return values;
  }

  /** This tensor as {@link DType#F32} in direct memory; itself where it is that already. */
  public Tensor toFloat32() {
    return type == DType.F32 && data.isDirect() ? this : of(toFloats(), shape);
  }

  /** This tensor as {@link DType#F64}; itself where it is that already. */
  public Tensor toFloat64() {
    return type == DType.F64 ? this : of(toDoubles(), shape);
  }

  /** The same data under another shape with the same number of elements. */
  public Tensor reshaped(long... newShape) {
    return of(type, newShape, bytes());
  }

  /** This tensor several times in a row, along its first axis. */
  public Tensor repeated(int times) {
    if (times == 1) {
      return this;
    }
    ByteBuffer all = allocate(Math.multiplyExact(size, times), type);
    for (int i = 0; i < times; i++) {
      all.put(bytes());
    }
    long[] longer = shape.clone();
    longer[0] *= times;
    return of(type, longer, all.flip());
  }

  private IntToDoubleFunction reader() {
    ByteBuffer view = bytes();
    return switch (type) {
      case F32 -> i -> view.getFloat(4 * i);
      case F64 -> i -> view.getDouble(8 * i);
      case I32 -> i -> view.getInt(4 * i);
      case I64 -> i -> view.getLong(8 * i);
      case BOOL -> view::get;
    };
  }

  /** Type and shape, not the data. */
  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
