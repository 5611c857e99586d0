package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokenSafeTensorsTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("broken.safetensors");
  }

  @Test
  void aFileOfLessThanEightBytes() throws IOException {
    Files.write(file, new byte[7]);

    assertRefused("'%s' is no safetensors file: it has 7 bytes, expected at least 8");
  }

  @Test
  void aHeaderLengthBeyondTheEndOfTheFile() throws IOException {
    RawSafeTensors.writeWithLength(file, 500, bytes("{}"));

    assertRefused(
        "'%s' is truncated: it declares a header of 500 bytes, but has only 2 after the length");
  }

  @ParameterizedTest
  @CsvSource({"100000001, 100000001", "-1, 18446744073709551615"})
  void aHeaderLengthBeyondTheFormatsBound(long length, String shown) throws IOException {
    RawSafeTensors.writeWithLength(file, length, bytes("{}"));

    assertRefused(
        "'%s' is no safetensors file: it declares a header of "
            + shown
            + " bytes, expected at most 100000000");
  }

  @Test
  void aGitLfsPointer() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

    assertRefused("'%s' is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'");
  }

  @Test
  void aHeaderThatIsNotJson() throws IOException {
    RawSafeTensors.write(file, "{'x':");

    assertRefused("the header of '%s' is not JSON: End of input at line 1 column 6 path $.x");
  }

  @Test
  void aHeaderWithTextAfterItsEnd() throws IOException {
    RawSafeTensors.write(file, "{} 7");

    assertRefusedWith("the header of '%s' is not JSON: ");
  }

  @Test
  void aHeaderInSloppyJson() throws IOException {
    RawSafeTensors.write(file, "{x:1}");

    assertRefusedWith("the header of '%s' is not JSON: ");
  }

  @Test
  void aHeaderThatIsNestedWithoutEnd() throws IOException {
    RawSafeTensors.write(file, "{'x':" + "[".repeat(100_000));

    assertRefusedWith("the header of '%s' is not JSON: ");
  }

  @Test
  void anEmptyHeader() throws IOException {
    RawSafeTensors.write(file, "");

    assertRefusedWith("the header of '%s' is not JSON: ");
  }

  @Test
  void aHeaderThatIsNotUtf8() throws IOException {
    RawSafeTensors.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});

    assertRefused("the header of '%s' is not UTF-8 text: Input length = 1");
  }

  @Test
  void aHeaderThatIsNoObject() throws IOException {
    RawSafeTensors.write(file, "[1]");

    assertRefused("the header of '%s' must be a JSON object, got [1]");
  }

  @Test
  void aNameThatIsThereTwice() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[0]", "[0,0]") + ",'x':{}}");

    assertRefused("the header of '%s' has the key 'x' twice, at $.x");
  }

  @Test
  void aKeyThatIsThereTwiceWithinATensor() throws IOException {
    RawSafeTensors.write(file, "{'x':{'dtype':'F32','dtype':'F64'}}");

    assertRefused("the header of '%s' has the key 'dtype' twice, at $.x.dtype");
  }

  @Test
  void aTensorThatIsNoObject() throws IOException {
    RawSafeTensors.write(file, "{'x':3}");

    assertRefused("'%s': tensor: 'x' must be an object, got 3");
  }

  @Test
  void aTensorWithoutDtype() throws IOException {
    RawSafeTensors.write(file, "{'x':{'shape':[],'data_offsets':[0,0]}}");

    assertRefused("'%s': tensor 'x': the key 'dtype' is missing");
  }

  @Test
  void anUnknownDtype() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F8_E4M3", "[2]", "[0,2]") + "}", 0, 0);

    assertRefused(
        "'%s': tensor 'x' has the unknown dtype 'F8_E4M3'; known are"
            + " F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL");
  }

  @Test
  void aShapeThatIsNoListOfIntegers() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[1.5]", "[0,4]") + "}", 0, 0, 0, 0);

    assertRefused("'%s': tensor 'x': 'shape' must be an array of extents, got [1.5]");
  }

  @Test
  void aNegativeExtent() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[-1,-1]", "[0,4]") + "}", 0, 0, 0, 0);

    assertRefused("'%s': tensor 'x': 'shape' must be free of negative extents, got [-1, -1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[-4,0]|[-4, 0]", "[4,0]|[4, 0]", "[0]|[0]", "[0,4,8]|[0, 4, 8]"})
  void offsetsThatAreNoInterval(String offsets, String shown) throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[1]", offsets) + "}", 0, 0, 0, 0);

    assertRefused(
        "'%s': tensor 'x': 'data_offsets' must be two offsets 0 <= begin <= end, got " + shown);
  }

  @Test
  void anOffsetBeyondTheIntegersOfTheFormat() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[1]", "[0,1e30]") + "}", 0, 0, 0, 0);

    assertRefused("'%s': tensor 'x': 'data_offsets' must be an array of two offsets, got [0,1e30]");
  }

  @Test
  void offsetsThatDisagreeWithTheShape() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[2,3]", "[0,20]") + "}", new int[20]);

    assertRefused(
        "'%s': tensor 'x': F32 [2, 3] needs 24 bytes, but its data_offsets [0, 20] hold 20");
  }

  @Test
  void aShapeWhoseSizeOverflows() throws IOException {
    RawSafeTensors.write(
        file, "{'x':" + entry("F32", "[4294967296,4294967296]", "[0,4]") + "}", 0, 0, 0, 0);

    assertRefused(
        "'%s': tensor 'x': F32 [4294967296, 4294967296] needs more than 2^63 bytes,"
            + " but its data_offsets [0, 4] hold 4");
  }

  @Test
  void dataThatIsTruncated() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[2]", "[0,8]") + "}", new int[7]);

    assertRefused("'%s' is truncated: tensor 'x' ends at byte 8 of the data, which has 7 bytes");
  }

  @Test
  void tensorsThatOverlap() throws IOException {
    RawSafeTensors.write(
        file,
        "{'x':" + entry("F32", "[2]", "[0,8]") + ",'y':" + entry("F32", "[1]", "[4,8]") + "}",
        new int[8]);

    assertRefused(
        "'%s': tensor 'y' begins at byte 4 of the data and overlaps tensor 'x', which ends at 8");
  }

  @Test
  void aHoleBetweenTensors() throws IOException {
    RawSafeTensors.write(
        file,
        "{'x':" + entry("F32", "[1]", "[0,4]") + ",'y':" + entry("F32", "[1]", "[8,12]") + "}",
        new int[12]);

    assertRefused(
        "'%s' has a hole of 4 bytes between tensor 'x' and tensor 'y'; the format allows none");
  }

  @Test
  void aHoleAtTheStart() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[1]", "[4,8]") + "}", new int[8]);

    assertRefused(
        "'%s' has a hole of 4 bytes between the start of the data and tensor 'x';"
            + " the format allows none");
  }

  @Test
  void bytesAfterTheLastTensor() throws IOException {
    RawSafeTensors.write(file, "{'x':" + entry("F32", "[1]", "[0,4]") + "}", new int[9]);

    assertRefused("'%s' has 5 bytes after the end of the last tensor; the format allows none");
  }

  @Test
  void metadataThatIsNotText() throws IOException {
    RawSafeTensors.write(file, "{'__metadata__':{'epoch':3}}");

    assertRefused("the header of '%s' '__metadata__': 'epoch' must be a string, got 3");
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{'dtype':'%s','shape':%s,'data_offsets':%s}".formatted(dtype, shape, offsets);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, file);
  }

  private void assertRefusedWith(String beginning) {
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(beginning.formatted(file));
  }
}
