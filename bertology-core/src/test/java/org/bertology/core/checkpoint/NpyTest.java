package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("scores.npy");
  }

  @Test
  void everyTypeIsReadBackAsItWas() {
    assertThat(roundTrip(Tensor.of(new float[] {1.5f, -2, 3, 4, 5, 6}, 2, 3)).toFloats())
        .containsExactly(1.5f, -2, 3, 4, 5, 6);
    assertThat(roundTrip(Tensor.of(new double[] {Math.E}, 1)).toDoubles()).containsExactly(Math.E);
    assertThat(roundTrip(Tensor.of(new int[] {-1, 2}, 2, 1)).toLongs()).containsExactly(-1, 2);
    assertThat(roundTrip(Tensor.of(new long[] {Long.MIN_VALUE})).toLongs())
        .containsExactly(Long.MIN_VALUE);
    assertThat(roundTrip(Tensor.of(new boolean[] {true, false}, 2)).toLongs())
        .containsExactly(1, 0);
    assertThat(roundTrip(Tensor.of(new float[0], 3, 0)).toFloats()).isEmpty();
  }

  private Tensor roundTrip(Tensor tensor) {
    Npy.write(file, tensor, Existing.REPLACE);
    Tensor read = Npy.read(file);
    assertThat(read.type()).isEqualTo(tensor.type());
    assertThat(read.shape()).isEqualTo(tensor.shape());
    return read;
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Npy.write(file, Tensor.of(new int[] {1, 258}, 2), Existing.REFUSE);

    String fields = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
    byte[] expected =
        npy(1, fields + " ".repeat(128 - 10 - fields.length() - 1) + "\n", 1, 0, 0, 0, 2, 1, 0, 0);
    assertThat(file).hasBinaryContent(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"();1", "(1,);1", "(1, 1);1", "(0,);0"})
  void shapesAreTuples(String shape, int elements) throws IOException {
    Files.write(file, npy(1, header("|b1", "False", shape), new int[elements]));

    assertThat(Npy.read(file).size()).isEqualTo(elements);
  }

  @Test
  void aHeaderOfFormatTwoIsRead() throws IOException {
    Files.write(file, npy(2, header("<f4", "False", "(1, 1)"), 0, 0, 0x20, 0x41));

    Tensor tensor = Npy.read(file);

    assertThat(tensor.type()).isEqualTo(DType.F32);
    assertThat(tensor.shape()).containsExactly(1, 1);
    assertThat(tensor.toFloats()).containsExactly(10f);
  }

  @Test
  void otherFormatsAreRefused() throws IOException {
    Files.write(file, npy(3, header("<f4", "False", "()"), 0, 0, 0, 0));

    assertRefused("'%s' has npy format 3.0; expected 1.0 or 2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {">f4; (big-endian)", "|O; (Python objects)", "<f2;", "<U3;"})
  void otherElementTypesAreRefused(String type, String reason) throws IOException {
    Files.write(file, npy(1, header(type, "False", "(1,)"), 0, 0, 0, 0));

    String shown = reason == null ? "" : " " + reason;
    assertRefused(
        "'%s' has elements of type '" + type + "'" + shown + "; known are <f4, <f8, <i4, <i8, |b1");
  }

  @Test
  void fortranOrderIsRefused() throws IOException {
    Files.write(file, npy(1, header("<f4", "True", "(1, 1)"), 0, 0, 0, 0));

    assertRefused("'%s' is in Fortran order; save it in C order (numpy.ascontiguousarray)");
  }

  @ParameterizedTest
  @CsvSource({"7", "9"})
  void dataOfAnotherLengthIsRefused(int length) throws IOException {
    Files.write(file, npy(1, header("<f4", "False", "(2, 1)"), new int[length]));

    assertRefused("'%s' has " + length + " bytes of data; <f4 [2, 1] needs 8");
  }

  @Test
  void aShapeWhoseSizeOverflowsIsRefused() throws IOException {
    Files.write(file, npy(1, header("<f4", "False", "(4294967296, 4294967296)")));

    assertRefused(
        "'%s' has the shape [4294967296, 4294967296]; at most 2147483647 bytes can be read");
  }

  @Test
  void aHeaderWithoutShapeIsRefused() throws IOException {
    Files.write(file, npy(1, "{'descr': '<f4', 'fortran_order': False}\n"));

    assertRefused(
        "'%s' has no readable 'shape' in its header: {'descr': '<f4', 'fortran_order': False}");
  }

  @Test
  @Timeout(10)
  void aShapeThatNeverEndsIsRefusedAtOnce() throws IOException {
    String shape = "(" + "1".repeat(60_000) + "x";
    Files.write(file, npy(1, header("<f4", "False", shape)));

    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("has no readable 'shape' in its header");
  }

  @Test
  void aShapeWithoutACommaBetweenItsNumbersIsRefused() throws IOException {
    Files.write(file, npy(1, header("<f4", "False", "(1 2)"), 0, 0, 0, 0));

    assertRefused("'%s' has the shape (1 2)");
  }

  @Test
  void aTruncatedHeaderIsRefused() throws IOException {
    byte[] whole = npy(1, header("<f4", "False", "()"), 0, 0, 0, 0);
    Files.write(file, Arrays.copyOf(whole, 40));

    assertRefused("'%s' is truncated within its header");
  }

  @Test
  void anythingElseIsNoNpyFile() throws IOException {
    Files.writeString(file, "layer,head,score\n");

    assertRefused("'%s' is no npy file: it does not begin with \\x93NUMPY");
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file '%s' does not exist", file);
  }

  private static String header(String type, String fortranOrder, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
        .formatted(type, fortranOrder, shape);
  }

  private static byte[] npy(int version, String header, int... data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(version);
    bytes.write(0);
    for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
      bytes.write(header.length() >> 8 * i);
    }
    bytes.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    for (int value : data) {
      bytes.write(value);
    }
    return bytes.toByteArray();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, file);
  }
}
