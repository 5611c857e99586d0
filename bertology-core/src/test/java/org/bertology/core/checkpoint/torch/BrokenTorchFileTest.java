package org.bertology.core.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bertology.core.checkpoint.torch.RawPickle.stateDict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.TorchResources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenTorchFileTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("broken.bin");
  }

  @Test
  void aFileThatIsNotThere() {
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file '%s' does not exist", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "P", "PK", "weights"})
  void aFileOfAnotherKind(String content) throws IOException {
    Files.writeString(file, content);

    assertRefused(
        "'%s' is no file of torch.save: it begins neither as a zip archive nor as a pickle", file);
  }

  @Test
  void aGitLfsPointer() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

    assertRefused(
        "'%s' is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.bin", "model.legacy.bin"})
  void aFileThatIsTruncatedAnywhere(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TorchResources.copy(directory, name));

    for (int length = 0; length < whole.length; length++) {
      Files.deleteIfExists(file);
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TorchFile.read(file))
          .as("%d bytes of %s", length, name)
          .isInstanceOf(ContentException.class)
          .hasMessageStartingWith("'%s'".formatted(file));
    }
  }

  @Test
  void anArchiveWithoutItsEnd() throws IOException {
    byte[] whole = sound().zip(ZipEntry.STORED);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));

    assertRefused(
        "'%s' is truncated: it begins as a zip archive, but the directory at its end is missing",
        file);
  }

  @Test
  void anArchiveOfSomethingElse() throws IOException {
    new RawTorchFile().with("word/document.xml", "<x/>").write(file);
    assertRefused(
        "'%s' is a zip archive, but not of torch.save: it has no DIRECTORY/data.pkl", file);

    sound().with("b/data.pkl", "N.").write(file);
    assertRefused(
        "'%s' is a zip archive, but not of torch.save: it has more than one DIRECTORY/data.pkl",
        file);
  }

  @Test
  void aProgramInPlaceOfWeights() throws IOException {
    sound().with("a/constants.pkl", "(.").write(file);

    assertRefused(
        "'%s' is a TorchScript program, no checkpoint; save the model's state_dict() with"
            + " torch.save",
        file);
  }

  @Test
  void aMachineOfTheOtherByteOrder() throws IOException {
    sound().with("a/byteorder", "big").write(file);
    assertRefused("'%s' has the byte order 'big'; only 'little' is read", file);

    sound().with("a/byteorder", "little").write(file);
    assertThat(TorchFile.read(file)).containsOnlyKeys("x");
  }

  @Test
  void compressedAndEncryptedEntries() throws IOException {
    String message =
        "'%s': the entry 'a/data.pkl' is compressed or encrypted, so it cannot be mapped into"
            + " memory; PyTorch stores entries as they are: save the file again with torch.save";
    Files.write(file, sound().zip(ZipEntry.DEFLATED));
    assertRefused(message, file);

    Files.write(file, patched(8, 2, 1));
    assertRefused(message, file);
  }

  @Test
  void entriesThatOverlap() throws IOException {
    // The pickle's size, packed and not, and more than there is up to the next entry.
    byte[] bytes = patched(20, 4, 1000);
    directoryOf(bytes).putInt(24, 1000);
    Files.write(file, bytes);

    assertRefused(
        "'%s' is a broken zip archive: the entry 'a/data.pkl' overlaps what follows it", file);
  }

  @Test
  void entriesThatShareTheirData() throws IOException {
    byte[] bytes = sound().zip(ZipEntry.STORED);
    ByteBuffer pickle = directoryOf(bytes);
    int second = 46 + pickle.getShort(28) + pickle.getShort(30);
    pickle.putInt(second + 42, 0);
    Files.write(file, bytes);

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining(
            "is a broken zip archive: the entry 'a/data.pkl' overlaps what follows");
  }

  @Test
  void anEntryThatIsThereTwice() throws IOException {
    byte[] bytes = sound().with("a/data/1", RawTorchFile.floats()).zip(ZipEntry.STORED);
    ByteBuffer entries = directoryOf(bytes);
    for (int i = entries.position(); i < bytes.length; i++) {
      bytes[i] = bytes[i] == '1' ? (byte) '0' : bytes[i];
    }
    Files.write(file, bytes);

    assertRefused("'%s' is a broken zip archive: the entry 'a/data/0' is there twice", file);
  }

  @Test
  void anEntryOutsideTheFile() throws IOException {
    Files.write(file, patched(42, 4, 1 << 20));

    assertRefused(
        "'%s' is a broken zip archive: the entry 'a/data.pkl' is not within the file", file);
  }

  @Test
  void anEntryThatIsNotWhereItShouldBe() throws IOException {
    Files.write(file, patched(42, 4, 1));

    assertRefused(
        "'%s' is a broken zip archive: the entry 'a/data.pkl' is not where it should be", file);
  }

  @Test
  void aDirectoryThatIsBroken() throws IOException {
    Files.write(file, patched(0, 1, 'X'));
    assertRefused(
        "'%s' is a broken zip archive: an entry of its directory does not begin as one", file);

    Files.write(file, patched(28, 2, 0xffff));
    assertRefused(
        "'%s' is a broken zip archive: its directory ends in the middle of an entry", file);

    Files.write(file, withEnd(10, 2, 7));
    assertRefused(
        "'%s' is a broken zip archive: its directory has 2 entries, and declares 7", file);

    Files.write(file, withEnd(16, 4, 1 << 20));
    assertRefused("'%s' is a broken zip archive: the directory is not within the file", file);

    Files.write(file, withEnd(12, 4, 0x7fff_ffff));
    assertRefused("'%s' is a broken zip archive: its directory takes 2147483647 bytes", file);

    Files.write(file, withEnd(16, 4, -1));
    assertRefused(
        "'%s' is a broken zip archive: the locator of its end is not where it should be", file);

    Files.write(file, patched(42, 4, -1));
    assertRefused("'%s' is a broken zip archive: an entry lacks its 64-bit fields", file);
  }

  @Test
  void aStorageThatIsMissing() throws IOException {
    sound().without("a/data/0").write(file);

    assertRefused("'%s' lacks the entry 'a/data/0'", file);
  }

  @Test
  void aStorageOfAnotherSize() throws IOException {
    sound().with("a/data/0", new byte[20]).write(file);

    assertRefused("'%s': storage '0' has 20 bytes, and the pickle says 16", file);
  }

  @Test
  void storagesThatAreDeclaredDifferently() throws IOException {
    write(new RawPickle().storage("0", 4).code('0').storage("0", 3));

    assertBroken(
        "storage '0' of 4 elements of type FLOAT is declared as storage '0' of 3 elements of type"
            + " FLOAT");
  }

  @Test
  void storagesThatAreNone() throws IOException {
    write(new RawPickle().code('(').text("module").ops("NNNNtQ"));
    assertBroken("a persistent id is 'module'");

    write(new RawPickle().code('(').text("storage").ops("NNNNtQ"));
    assertBroken("argument 2 of a persistent id must be a class of storages, got None");

    write(new RawPickle().storage("0", -4));
    assertBroken("a persistent id takes integers of at least 0, got -4");

    RawPickle huge = new RawPickle().code('(').text("storage").global("torch", "FloatStorage");
    write(huge.text("0").text("cpu").code(0x8a, 8).littleEndian(8, Long.MAX_VALUE).ops("tQ"));
    assertBroken("a storage has 9223372036854775807 elements");

    RawPickle huger = new RawPickle().code('(').text("storage").global("torch", "FloatStorage");
    write(huger.text("0").text("cpu").code(0x8a, 9).raw(new byte[8]).code(1).ops("tQ"));
    assertBroken("a persistent id takes integers of at least 0, got an integer");
  }

  @Test
  void aPartOfAStorage() throws IOException {
    RawPickle part = new RawPickle().code('(').text("storage").global("torch", "FloatStorage");
    write(part.text("0").text("cpu").number(4).text("0").number(1).number(2).ops("\u0087tQ"));

    assertBroken("a storage is part of another one, which PyTorch no longer writes");
  }

  @Test
  void tensorsThatAreNotWithinTheirStorage() throws IOException {
    assertOutside(1, new long[] {4}, new long[] {1});
    assertOutside(0, new long[] {2, 3}, new long[] {3, 1});
    assertOutside(5, new long[] {}, new long[] {});
    assertOutside(Long.MAX_VALUE, new long[] {1}, new long[] {1});
    assertOutside(0, new long[] {3}, new long[] {Long.MAX_VALUE});
    assertOutside(0, new long[] {1L << 62}, new long[] {0});
    assertOutside(0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0});
    assertOutside(0, new long[] {1L << 40, 1L << 40, 0}, new long[] {0, 0, 0});
  }

  private void assertOutside(long offset, long[] shape, long[] strides) throws IOException {
    write(stateDict(new RawPickle().tensor(offset, shape, strides)));

    assertBroken(
        "a tensor of shape %s with the strides %s at offset %d is not within storage '0' of 16 bytes"
            .formatted(Arrays.toString(shape), Arrays.toString(strides), offset));
  }

  @Test
  void tensorsThatAreNone() throws IOException {
    write(stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {})));
    assertBroken("a tensor of shape [4] has the strides []");

    write(stateDict(new RawPickle().tensor(0, new long[] {-1}, new long[] {1})));
    assertBroken("'torch._utils._rebuild_tensor_v2' takes integers of at least 0, got -1");

    write(stateDict(new RawPickle().tensor(3, new long[] {2}, new long[] {-1})));
    assertBroken("'torch._utils._rebuild_tensor_v2' takes integers of at least 0, got -1");

    write(stateDict(new RawPickle().tensor(0, new long[65], new long[65])));
    assertBroken("a tensor has 65 axes, expected at most 64");

    RawPickle list = new RawPickle().code(']');
    write(stateDict(new RawPickle().tensor(0, list, list)));
    assertBroken("argument 3 of 'torch._utils._rebuild_tensor_v2' must be a tuple, got a list");

    write(new RawPickle().global("torch._utils", "_rebuild_parameter").ops("(NNNtR"));
    assertBroken("argument 1 of 'torch._utils._rebuild_parameter' must be a tensor, got None");

    write(new RawPickle().global("torch._utils", "_rebuild_tensor_v2").ops(")R"));
    assertBroken("'torch._utils._rebuild_tensor_v2' takes 6 to 7 arguments, got 0");
  }

  @Test
  void aTensorThatIsStoredAsItsNegation() throws IOException {
    RawPickle negated = new RawPickle().global("torch._utils", "_rebuild_tensor_v2").code('(');
    negated.storage("0", 4).code('K', 0).numbers(4).numbers(1).code(0x89, 'N');
    write(stateDict(negated.code('}').text("neg").code(0x88).ops("stR")));

    assertBroken("a tensor is stored as the negation or conjugate of its data");
  }

  @Test
  void aTensorThatIsLargerThanTheFile() throws IOException {
    write(stateDict(new RawPickle().tensor(2, new long[] {1 << 28}, new long[] {0})));

    assertRefused(
        "'%s': tensor 'x' of shape [268435456] takes more bytes than the whole file, %d",
        file, Files.size(file));
  }

  @Test
  void aFileWithoutTensors() throws IOException {
    String message =
        "'%s' holds no tensors; expected a dictionary of them by parameter name, as"
            + " model.state_dict() gives it, or one under 'state_dict' or 'model'; got %s";
    write(new RawPickle().code(']'));
    assertRefused(message, file, "a list");

    write(new RawPickle().code('}'));
    assertRefused(message, file, "a dictionary with no keys");

    write(new RawPickle().code('}').text("epoch").code('N', 's').text("net").ops("}s"));
    assertRefused(message, file, "a dictionary with the keys 'epoch', 'net'");

    write(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    assertRefused(message, file, "a tensor");
  }

  @Test
  void aPickleOfSomethingElse() throws IOException {
    RawTorchFile.writeParts(file, new RawPickle().code('}').bytes());
    assertRefused("'%s' is a pickle, but not of torch.save: its magic number is missing", file);

    RawTorchFile.writeParts(file, RawTorchFile.magic(), new RawPickle().number(1002).bytes());
    assertRefused("'%s' is not of version 1001 of its format", file);
  }

  @Test
  void theOlderFormatWithOtherKeys() throws IOException {
    RawPickle tensor = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    String others = "'%s': the keys of its storages are not those that its tensors have";
    RawTorchFile.writeLegacy(file, tensor, new RawPickle().code('N'), new byte[0]);
    assertRefused("'%s': the keys of its storages are no list", file);

    RawTorchFile.writeLegacy(file, tensor, new RawPickle().code(']'), new byte[0]);
    assertRefused("'%s' lacks the storage '0'", file);

    RawTorchFile.writeLegacy(file, tensor, keys("1"), new byte[0]);
    assertRefused(others, file);

    RawTorchFile.writeLegacy(file, tensor, keys("0", "0"), storage(4));
    assertRefused(others, file);

    RawTorchFile.writeLegacy(file, tensor, new RawPickle().ops("]Na"), new byte[0]);
    assertRefused(others, file);
  }

  @Test
  void theOlderFormatWithOtherStorages() throws IOException {
    RawPickle tensor = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    RawTorchFile.writeLegacy(file, tensor, keys("0"), storage(4));
    assertThat(TorchFile.read(file).get("x").data().getFloat(12)).isEqualTo(3);

    RawTorchFile.writeLegacy(file, tensor, keys("0"), storage(5));
    assertRefused("'%s': storage '0' has 5 elements, and the pickle says 4", file);

    RawTorchFile.writeLegacy(file, tensor, keys("0"), Arrays.copyOf(storage(4), 23));
    assertRefused(
        "'%s' is truncated: storage '0' of 16 bytes begins at byte %d of %d",
        file, Files.size(file) - 15, Files.size(file));
  }

  private static RawPickle keys(String... keys) {
    RawPickle list = new RawPickle().code(']');
    for (String key : keys) {
      list.text(key).code('a');
    }
    return list;
  }

  private static byte[] storage(long elements) {
    ByteBuffer storage = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    return storage.putLong(elements).put(RawTorchFile.floats()).array();
  }

  private static RawTorchFile sound() {
    return RawTorchFile.of(stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1})));
  }

  /** A sound archive, but for a field of the pickle's entry in its directory. */
  private static byte[] patched(int field, int width, long value) {
    byte[] bytes = sound().zip(ZipEntry.STORED);
    put(directoryOf(bytes), field, width, value);
    return bytes;
  }

  /** A sound archive, but for a field of its end. */
  private static byte[] withEnd(int field, int width, long value) {
    byte[] bytes = sound().zip(ZipEntry.STORED);
    put(ByteBuffer.wrap(bytes), bytes.length - 22 + field, width, value);
    return bytes;
  }

  private static void put(ByteBuffer bytes, int position, int width, long value) {
    for (int i = 0; i < width; i++) {
      bytes.put(position + i, (byte) (value >> 8 * i));
    }
  }

  /** The directory of an archive without a comment. */
  private static ByteBuffer directoryOf(byte[] zip) {
    int start = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
    return ByteBuffer.wrap(zip, start, zip.length - start).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(RawPickle pickle) throws IOException {
    RawTorchFile.of(pickle).write(file);
  }

  private void assertBroken(String fault) {
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith("'%s': the pickle is broken at byte ", file)
        .hasMessageEndingWith(": " + fault);
  }

  private void assertRefused(String message, Object... arguments) {
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, arguments);
  }
}
