package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.bertology.core.checkpoint.SafeTensorsLayout.Entry;
import org.junit.jupiter.api.Test;

class SafeTensorsLayoutTest {
  private static Entry entry(String name, StoredType type, long... shape) {
    return new Entry(name, type, shape);
  }

  @Test
  void widerElementsComeFirstAndEveryTensorIsAligned() {
    SafeTensorsLayout layout =
        new SafeTensorsLayout(
            List.of(
                entry("truths", StoredType.BOOL, 3),
                entry("floats", StoredType.F32, 2, 5),
                entry("ids", StoredType.I64, 7)),
            Map.of());

    long start = layout.header().remaining();
    assertThat(start % 8).isZero();
    assertThat(layout.position("ids")).isEqualTo(start);
    assertThat(layout.position("floats")).isEqualTo(start + 7 * 8);
    assertThat(layout.position("truths")).isEqualTo(start + 7 * 8 + 10 * 4);
    assertThat(layout.bytes()).isEqualTo(start + 7 * 8 + 10 * 4 + 3);
    assertThat(layout.entries().stream().map(Entry::name))
        .containsExactly("ids", "floats", "truths");
  }

  @Test
  void aTensorMayBeLargerThanMemory() {
    SafeTensorsLayout layout =
        new SafeTensorsLayout(
            List.of(
                entry("first", StoredType.F32, 1_000_000, 128, 768),
                entry("second", StoredType.F32, 1)),
            Map.of());

    assertThat(layout.position("second") - layout.position("first"))
        .isEqualTo(4L * 1_000_000 * 128 * 768);
  }

  @Test
  void namesAreUniqueAndNotReserved() {
    Entry entry = entry("a", StoredType.F32, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SafeTensorsLayout(List.of(entry, entry), Map.of()))
        .withMessage("a tensor is named 'a' already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("__metadata__", StoredType.F32, 1))
        .withMessage("the name '__metadata__' is reserved");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SafeTensorsLayout(List.of(entry), Map.of()).position("b"))
        .withMessage("this layout has no tensor 'b'");
  }
}
