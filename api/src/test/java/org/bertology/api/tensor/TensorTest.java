package org.bertology.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TensorTest {
  @Test
  void everyTypeGivesBackItsValues() {
    assertThat(Tensor.of(new float[] {1.5f, -2}, 2).toDoubles()).containsExactly(1.5, -2);
    assertThat(Tensor.of(new double[] {0.1, -2}, 2).toDoubles()).containsExactly(0.1, -2);
    assertThat(Tensor.of(new int[] {7, Integer.MIN_VALUE}, 2).toLongs())
        .containsExactly(7, Integer.MIN_VALUE);
    assertThat(Tensor.of(new long[] {7, Long.MIN_VALUE}, 2).toLongs())
        .containsExactly(7, Long.MIN_VALUE);
    assertThat(Tensor.of(new boolean[] {true, false}, 2).toLongs()).containsExactly(1, 0);
    assertThat(Tensor.of(new boolean[] {true, false}, 2).toDoubles()).containsExactly(1, 0);
    assertThat(Tensor.filled(0.5f, 2, 2).toFloats()).containsExactly(0.5f, 0.5f, 0.5f, 0.5f);
  }

  @Test
  void aTensorKnowsItsExtents() {
    Tensor tensor = Tensor.filled(1, 2, 3, 4);

    assertThat(tensor.rank()).isEqualTo(3);
    assertThat(tensor.size()).isEqualTo(24);
    assertThat(tensor.extent(0)).isEqualTo(2);
    assertThat(tensor.extent(-1)).isEqualTo(4);
    assertThat(tensor).hasToString("F32[2, 3, 4]");
  }

  @Test
  void aTensorOfRankZeroHoldsOneValue() {
    Tensor scalar = Tensor.of(new double[] {3});

    assertThat(scalar.rank()).isZero();
    assertThat(scalar.size()).isEqualTo(1);
    assertThat(scalar).hasToString("F64[]");
  }

  @Test
  void theDataIsLittleEndian() {
    ByteBuffer bytes = Tensor.of(new int[] {0x01020304}, 1).bytes();

    assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.get(0)).isEqualTo((byte) 4);
  }

  @Test
  void aTensorOverBytesStartsAtTheirPosition() {
    ByteBuffer bytes = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(3, 1.5f).putFloat(7, 2.5f).position(3);

    Tensor tensor = Tensor.of(DType.F32, new long[] {2}, bytes);

    assertThat(tensor.toFloats()).containsExactly(1.5f, 2.5f);
    assertThat(bytes.position()).isEqualTo(3);
  }

  @Test
  void theBytesMustBeWhatTheShapeNeeds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .withMessage("a tensor of F32 [2, 3] needs 24 bytes, got 20");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(DType.F64, new long[] {1 << 20, 1 << 10}, empty()))
        .withMessage(
            "a tensor of F64 [1048576, 1024] needs 8589934592 bytes; one tensor holds at most"
                + " 2147483647");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(DType.F32, new long[] {2, -1}, empty()))
        .withMessage("shape [2, -1] has a negative extent");
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> Tensor.of(DType.F32, new long[] {1L << 40, 1L << 40}, empty()));
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocate(0);
  }

  @Test
  void viewsAreReadOnlyAndIndependent() {
    Tensor tensor = Tensor.of(new float[] {1, 2}, 2);

    tensor.floats().get();
    tensor.bytes().position(4);

    assertThat(tensor.floats().get()).isEqualTo(1);
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> tensor.floats().put(0, 9));
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> tensor.bytes().put(0, (byte) 9));
  }

  @Test
  void aTensorDoesNotSeeLaterChanges() {
    float[] values = {1, 2};
    long[] shape = {1, 2};
    Tensor tensor = Tensor.of(values, shape);

    values[0] = 9;
    shape[0] = 9;
    tensor.shape()[1] = 9;

    assertThat(tensor.toFloats()).containsExactly(1, 2);
    assertThat(tensor.shape()).containsExactly(1, 2);
  }

  @Test
  void aViewOfAnotherTypeIsRefused() {
    Tensor tensor = Tensor.of(new double[] {1}, 1);

    assertThatIllegalStateException()
        .isThrownBy(tensor::floats)
        .withMessage("this tensor is F64, not F32; convert it first");
    assertThatIllegalStateException()
        .isThrownBy(tensor::longs)
        .withMessage("this tensor is F64, not I64; convert it first");
    assertThatIllegalStateException()
        .isThrownBy(tensor::toLongs)
        .withMessage("this tensor is F64, not an integer type");
    assertThat(tensor.doubles().get(0)).isEqualTo(1);
    assertThat(Tensor.of(new int[] {4}, 1).ints().get(0)).isEqualTo(4);
    assertThat(Tensor.of(new long[] {5}, 1).longs().get(0)).isEqualTo(5);
  }

  @Test
  void conversionsKeepWhatNeedsNone() {
    Tensor narrow = Tensor.of(new float[] {0.1f}, 1);
    Tensor wide = Tensor.of(new double[] {0.1}, 1);

    assertThat(narrow.toFloat32()).isSameAs(narrow);
    assertThat(wide.toFloat64()).isSameAs(wide);
    assertThat(wide.toFloat32().toFloats()).containsExactly(0.1f);
    assertThat(narrow.toFloat64().toDoubles()).containsExactly(0.1f);
  }

  @Test
  void heapMemoryIsMovedToDirectMemory() {
    ByteBuffer heap = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 2.5f);

    Tensor direct = Tensor.of(DType.F32, new long[] {1}, heap).toFloat32();

    assertThat(direct.bytes().isDirect()).isTrue();
    assertThat(direct.toFloats()).containsExactly(2.5f);
  }

  @Test
  void reshapingSharesTheData() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    assertThat(tensor.reshaped(3, 2).shape()).containsExactly(3, 2);
    assertThat(tensor.reshaped(6).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.reshaped(4))
        .withMessage("a tensor of F32 [4] needs 16 bytes, got 24");
  }

  @Test
  void weightsInMemoryKeepTheirOrderAndNameWhatIsMissing() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.filled(1, 2));
    tensors.put("a", Tensor.filled(2, 3, 4));
    Weights weights = Weights.of(tensors);

    tensors.clear();

    assertThat(weights.names()).containsExactly("b", "a");
    assertThat(weights.shape("a")).containsExactly(3, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights.get("c"))
        .withMessage("no parameter is named 'c'");
  }
}
