package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsWriterTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("model.safetensors");
  }

  @Test
  void everyTypeIsReadBackAsItWas() {
    new SafeTensorsWriter()
        .add("bool", Tensor.of(new boolean[] {true, false, true}, 3))
        .add("f32", Tensor.of(new float[] {1.5f, Float.NaN, -0f, 4f}, 2, 2))
        .add("f64", Tensor.of(new double[] {Math.PI}))
        .add("i32", Tensor.of(new int[] {Integer.MIN_VALUE}, 1, 1))
        .add("i64", Tensor.of(new long[] {Long.MAX_VALUE}, 1))
        .add("empty", Tensor.of(new float[0], 0, 7))
        .metadata("made by", "a test")
        .write(file, Existing.REFUSE);

    SafeTensors read = SafeTensors.open(file);

    assertThat(read.names()).containsExactly("f64", "i64", "f32", "i32", "empty", "bool");
    assertThat(read.tensor("bool").toLongs()).containsExactly(1, 0, 1);
    assertThat(read.get("f32").toFloats()).containsExactly(1.5f, Float.NaN, -0f, 4f);
    assertThat(read.shape("f32")).containsExactly(2, 2);
    assertThat(read.get("f64").toDoubles()).containsExactly(Math.PI);
    assertThat(read.shape("f64")).isEmpty();
    assertThat(read.tensor("i32").toLongs()).containsExactly(Integer.MIN_VALUE);
    assertThat(read.tensor("i64").toLongs()).containsExactly(Long.MAX_VALUE);
    assertThat(read.shape("empty")).containsExactly(0, 7);
    assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "made by", "a test"));
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    new SafeTensorsWriter().add("x", Tensor.of(new float[] {1f}, 1)).write(file, Existing.REFUSE);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    String expected =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    int length = (int) bytes.getLong();
    byte[] header = new byte[length];
    bytes.get(header);
    assertThat(length % 8).isZero();
    assertThat(length - expected.length()).isBetween(0, 7);
    assertThat(new String(header, StandardCharsets.UTF_8).stripTrailing()).isEqualTo(expected);
    assertThat(bytes.getFloat()).isEqualTo(1f);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void aLengthThatIsAMultipleOfEightGetsNoPadding() throws IOException {
    // Eight names that differ in length by one: each padding from 0 to 7 occurs once.
    for (int i = 1; i <= 8; i++) {
      Path padded = directory.resolve("padded" + i);
      new SafeTensorsWriter()
          .add("n".repeat(i), Tensor.of(new float[] {i}, 1))
          .write(padded, Existing.REFUSE);

      long length = Files.size(padded) - 8 - 4;
      assertThat(length % 8).isZero();
      assertThat(SafeTensors.open(padded).get("n".repeat(i)).toFloats()).containsExactly(i);
    }
    assertThat(Files.size(directory.resolve("padded8")) - Files.size(directory.resolve("padded1")))
        .isEqualTo(8);
  }

  @Test
  void floatsCanBeStoredAsHalves() {
    int size = 100_000;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (i - 50_000) / 64f;
    }
    new SafeTensorsWriter()
        .add("x", Tensor.of(values, size), StoredType.F16)
        .write(file, Existing.REFUSE);

    SafeTensors read = SafeTensors.open(file);

    assertThat(read.storedType("x")).isEqualTo(StoredType.F16);
    float[] halves = read.get("x").toFloats();
    for (int i = 0; i < size; i++) {
      assertThat(Math.abs(halves[i] - values[i])).isLessThanOrEqualTo(Math.abs(values[i]) / 2048);
    }
  }

  @Test
  void aValueBeyondTheRangeOfHalvesIsRefused() {
    Tensor tensor = Tensor.of(new float[] {Float.POSITIVE_INFINITY, -65504f, 70000f}, 3);

    assertThatThrownBy(() -> new SafeTensorsWriter().add("x", tensor, StoredType.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' holds 70000.0, beyond the range of F16 (65504.0)");
  }

  @Test
  void otherConversionsAreRefused() {
    Tensor tensor = Tensor.of(new double[] {1}, 1);

    assertThatThrownBy(() -> new SafeTensorsWriter().add("x", tensor, StoredType.F16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' is F64 and cannot be stored as F16");
  }

  @Test
  void aNameIsUsedOnce() {
    SafeTensorsWriter writer = new SafeTensorsWriter().add("x", Tensor.filled(0, 1));

    assertThatThrownBy(() -> writer.add("x", Tensor.filled(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor is named 'x' already");
    assertThatThrownBy(() -> writer.add("__metadata__", Tensor.filled(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name '__metadata__' is reserved");
  }

  @Test
  void anExistingFileIsKept() throws IOException {
    Files.writeString(file, "old");
    SafeTensorsWriter writer = new SafeTensorsWriter().add("x", Tensor.filled(0, 1));

    assertThatThrownBy(() -> writer.write(file, Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exists; choose another name");
    assertThat(file).hasContent("old");

    writer.write(file, Existing.REPLACE);
    assertThat(SafeTensors.open(file).names()).containsExactly("x");
  }

  @Test
  void aFileMayBeReplacedByOneMadeOfItsOwnTensors() {
    new SafeTensorsWriter()
        .add("x", Tensor.of(new float[] {1, 2, 3}, 3))
        .write(file, Existing.REFUSE);
    SafeTensors old = SafeTensors.open(file);

    new SafeTensorsWriter().add("y", old.get("x")).write(file, Existing.REPLACE);

    assertThat(SafeTensors.open(file).get("y").toFloats()).containsExactly(1, 2, 3);
    assertThat(old.get("x").toFloats()).containsExactly(1, 2, 3);
  }
}
