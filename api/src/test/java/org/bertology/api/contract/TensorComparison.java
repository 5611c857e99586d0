package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** Comparisons of host tensors that say where and by how much two of them differ. */
public final class TensorComparison {
  private TensorComparison() {}

  /**
   * Fails unless both tensors have the same shape and kind of elements, floating-point entries
   * differ by no more than {@code tolerance} times the largest expected magnitude, and all other
   * entries are equal.
   */
  public static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
    assertThat(actual.shape()).as("shape of %s", what).isEqualTo(expected.shape());
    assertThat(kind(actual.type())).as("elements of %s", what).isEqualTo(kind(expected.type()));
    double[] got = actual.toDoubles();
    double[] wanted = expected.toDoubles();
    double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
    double allowed = expected.type().isFloating() ? tolerance * largest : 0;
    for (int i = 0; i < wanted.length; i++) {
      // Written so that NaN fails on either side.
      boolean close = Math.abs(got[i] - wanted[i]) <= allowed;
      assertThat(close)
          .as(
              "%s at %d: got %s, expected %s ± %s; the largest entry is %s",
              what, i, got[i], wanted[i], allowed, largest)
          .isTrue();
    }
  }

  /** Fails unless both tensors have the same type, shape and bytes. */
  public static void assertBitEqual(String what, Tensor actual, Tensor expected) {
    assertThat(actual.type()).as("type of %s", what).isEqualTo(expected.type());
    assertThat(actual.shape()).as("shape of %s", what).isEqualTo(expected.shape());
    assertThat(actual.bytes()).as("bytes of %s", what).isEqualTo(expected.bytes());
  }

  private static String kind(DType type) {
    return type.isFloating() ? "floating" : type.isInteger() ? "integer" : "bool";
  }
}
