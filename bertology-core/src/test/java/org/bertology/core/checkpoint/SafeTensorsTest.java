package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("model.safetensors");
  }

  @Test
  void namesShapesAndMetadataComeFromTheHeaderInItsOrder() throws IOException {
    RawSafeTensors.write(
        file,
        "{'__metadata__':{'format':'pt','note':'ü'},"
            + "'b':{'dtype':'F32','shape':[1,2],'data_offsets':[4,12]},"
            + "'a':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
            + "'none':{'dtype':'F16','shape':[0,3],'data_offsets':[12,12]}}  ",
        new int[12]);

    SafeTensors tensors = SafeTensors.open(file);

    assertThat(tensors.names()).containsExactly("b", "a", "none");
    assertThat(tensors.shape("b")).containsExactly(1, 2);
    assertThat(tensors.shape("a")).isEmpty();
    assertThat(tensors.get("none").toFloats()).isEmpty();
    assertThat(tensors.storedType("none")).isEqualTo(StoredType.F16);
    assertThat(tensors.metadata()).containsEntry("format", "pt").containsEntry("note", "ü");
    assertThat(tensors.file()).isEqualTo(file);
  }

  @Test
  void floatsAndDoublesAreViewsOfTheFile() throws IOException {
    RawSafeTensors.write(
        file,
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'y':{'dtype':'F64','shape':[1],'data_offsets':[8,16]}}",
        0x00,
        0x00,
        0xc0,
        0x3f,
        0x01,
        0x00,
        0x00,
        0x80,
        0,
        0,
        0,
        0,
        0,
        0,
        0x04,
        0xc0);

    SafeTensors tensors = SafeTensors.open(file);

    assertThat(tensors.get("x").toFloats()).containsExactly(1.5f, -Float.MIN_VALUE);
    assertThat(tensors.get("y").toDoubles()).containsExactly(-2.5);
    assertThat(tensors.get("x").bytes().isDirect()).isTrue();
    assertThat(tensors.get("y").type()).isEqualTo(DType.F64);
    overwriteLastByte(0x40);
    assertThat(tensors.get("y").toDoubles()).containsExactly(2.5);
  }

  private void overwriteLastByte(int value) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), channel.size() - 1);
    }
  }

  @Test
  void halvesBecomeFloatsBitForBit() throws IOException {
    // 1.5, the smallest subnormal, -infinity, a signalling NaN; then bfloat 1.5, NaN, subnormal.
    RawSafeTensors.write(
        file,
        "{'f16':{'dtype':'F16','shape':[4],'data_offsets':[0,8]},"
            + "'bf16':{'dtype':'BF16','shape':[3],'data_offsets':[8,14]}}",
        0x00,
        0x3e,
        0x01,
        0x00,
        0x00,
        0xfc,
        0x01,
        0x7d,
        0xc0,
        0x3f,
        0x81,
        0xff,
        0x01,
        0x00);

    SafeTensors tensors = SafeTensors.open(file);

    assertThat(bits(tensors.get("f16")))
        .containsExactly(0x3fc0_0000, 0x3380_0000, 0xff80_0000, 0x7fa0_2000);
    assertThat(bits(tensors.get("bf16"))).containsExactly(0x3fc0_0000, 0xff81_0000, 0x0001_0000);
    assertThat(tensors.get("f16").bytes().isDirect()).isTrue();
  }

  private static int[] bits(Tensor tensor) {
    assertThat(tensor.type()).isEqualTo(DType.F32);
    int[] bits = new int[tensor.size()];
    tensor.bytes().asIntBuffer().get(bits);
    return bits;
  }

  @Test
  void aConversionIsSharedWhileItIsInUse() throws IOException {
    RawSafeTensors.write(
        file, "{'x':{'dtype':'F16','shape':[1],'data_offsets':[0,2]}}", 0x00, 0x3c);
    SafeTensors tensors = SafeTensors.open(file);

    Tensor first = tensors.get("x");

    assertThat(tensors.get("x")).isSameAs(first);
  }

  @Test
  void integersAndTruthValuesAreReadWhenAskedFor() throws IOException {
    RawSafeTensors.write(
        file,
        "{'i64':{'dtype':'I64','shape':[1],'data_offsets':[0,8]},"
            + "'i32':{'dtype':'I32','shape':[1],'data_offsets':[8,12]},"
            + "'i16':{'dtype':'I16','shape':[2],'data_offsets':[12,16]},"
            + "'i8':{'dtype':'I8','shape':[2],'data_offsets':[16,18]},"
            + "'u8':{'dtype':'U8','shape':[2],'data_offsets':[18,20]},"
            + "'bool':{'dtype':'BOOL','shape':[2],'data_offsets':[20,22]}}",
        0xfe,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0x00,
        0x00,
        0x00,
        0x80,
        0xff,
        0xff,
        0xff,
        0x7f,
        0x80,
        0x7f,
        0x80,
        0x7f,
        1,
        0);

    SafeTensors tensors = SafeTensors.open(file);

    assertThat(tensors.tensor("i64").toLongs()).containsExactly(-2);
    assertThat(tensors.tensor("i32").toLongs()).containsExactly(Integer.MIN_VALUE);
    assertThat(tensors.tensor("i16").toLongs()).containsExactly(-1, 32767);
    assertThat(tensors.tensor("i8").toLongs()).containsExactly(-128, 127);
    assertThat(tensors.tensor("u8").toLongs()).containsExactly(128, 127);
    assertThat(tensors.tensor("bool").toLongs()).containsExactly(1, 0);
    assertThat(tensors.tensor("u8").type()).isEqualTo(DType.I32);
    assertThat(tensors.tensor("bool").type()).isEqualTo(DType.BOOL);
    assertThatThrownBy(() -> tensors.get("i64"))
        .isInstanceOf(ContentException.class)
        .hasMessage("'%s': tensor 'i64' is I64, expected a floating-point type", file);
  }

  @Test
  void aTruthValueOtherThanZeroAndOneIsRefused() throws IOException {
    RawSafeTensors.write(file, "{'mask':{'dtype':'BOOL','shape':[2],'data_offsets':[0,2]}}", 1, 2);
    SafeTensors tensors = SafeTensors.open(file);

    assertThatThrownBy(() -> tensors.tensor("mask"))
        .isInstanceOf(ContentException.class)
        .hasMessage("'%s': tensor 'mask' is BOOL and holds the byte 2; expected 0 or 1", file);
  }

  @Test
  void tensorsBeyondTwoGibibytesAreReached() throws IOException {
    long filler = 1_600_000_000;
    byte[] header =
        ("{'a':{'dtype':'F32','shape':[400000000],'data_offsets':[0,1600000000]},"
                + "'b':{'dtype':'F32','shape':[400000000],'data_offsets':[1600000000,3200000000]},"
                + "'c':{'dtype':'F32','shape':[2],'data_offsets':[3200000000,3200000008]},"
                + "'huge':{'dtype':'F16','shape':[1200000000],"
                + "'data_offsets':[3200000008,5600000008]},"
                + "'d':{'dtype':'F16','shape':[1],'data_offsets':[5600000008,5600000010]}}")
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length).put(header).flip();
    long data = start.limit();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(start, 0);
      channel.write(floats(1f), data);
      channel.write(floats(2f), data + 2 * filler - 4);
      channel.write(floats(3f, 4f), data + 2 * filler);
      channel.write(ByteBuffer.wrap(new byte[] {0x00, 0x45}), data + 5_600_000_008L);
    }

    SafeTensors tensors = SafeTensors.open(file);

    assertThat(tensors.get("a").floats().get(0)).isEqualTo(1f);
    assertThat(tensors.get("b").floats().get(399_999_999)).isEqualTo(2f);
    assertThat(tensors.get("c").toFloats()).containsExactly(3f, 4f);
    assertThat(tensors.get("d").toFloats()).containsExactly(5f);
    assertThat(tensors.shape("huge")).containsExactly(1_200_000_000L);
    assertThatThrownBy(() -> tensors.get("huge"))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': tensor 'huge' takes 4800000000 bytes in memory; at most 2147483647 can be read",
            file);
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Test
  void anUnknownNameIsRefused() throws IOException {
    SafeTensors tensors = SafeTensors.open(RawSafeTensors.write(file, "{}"));

    assertThat(tensors.names()).isEmpty();
    assertThatThrownBy(() -> tensors.shape("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' has no tensor 'x'", file);
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file '%s' does not exist", file);
  }

  @Test
  void theFileMayBeReplacedWhileItsTensorsAreInUse() throws IOException {
    RawSafeTensors.write(
        file, "{'x':{'dtype':'F16','shape':[1],'data_offsets':[0,2]}}", 0x00, 0x3c);
    SafeTensors tensors = SafeTensors.open(file);

    Files.delete(file);

    assertThat(tensors.get("x").toFloats()).containsExactly(1f);
  }
}
