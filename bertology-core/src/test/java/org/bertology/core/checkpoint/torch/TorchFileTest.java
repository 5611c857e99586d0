package org.bertology.core.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bertology.core.checkpoint.torch.RawPickle.stateDict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PyTorch may write, but the files among the test resources do not have. */
class TorchFileTest {
  private static final long GIBIBYTE = 1L << 30;

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("model.bin");
  }

  @Test
  void python2PutsEntriesIntoTheCallAndWritesBytesForText() throws IOException {
    RawPickle pairs = new RawPickle().global("collections", "OrderedDict").ops("(](]U\1xa");
    pairs.tensor(1, new long[] {2}, new long[] {1}).ops("aetR");

    Map<String, TorchTensor> tensors = read(pairs);

    assertThat(tensors).containsOnlyKeys("x");
    assertThat(tensors.get("x").shape()).containsExactly(2);
    assertThat(tensors.get("x").data().getFloat(4)).isEqualTo(2);
  }

  @Test
  void objectsThatAreTakenBackLeaveNothing() throws IOException {
    RawPickle tensor = new RawPickle().ops("N0(NN1").tensor(0, new long[] {4}, new long[] {1});

    assertThat(read(stateDict(tensor.ops("20")))).containsOnlyKeys("x");
  }

  @Test
  void aStateDictIsLookedForUnderTwoNames() throws IOException {
    RawPickle weights = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    RawPickle bias =
        new RawPickle().code('}').text("y").tensor(0, new long[] {4}, new long[] {1}).code('s');

    RawPickle both = new RawPickle().code('}').text("model").repeat(1, bias).code('s');
    both.text("state_dict").repeat(1, weights).code('s');
    assertThat(read(both)).containsOnlyKeys("x");

    RawPickle one = new RawPickle().code('}').text("model").repeat(1, bias).code('s');
    one.text("state_dict").ops("}s").text("best").tensor(0, new long[] {1}, new long[] {1});
    assertThat(read(one.code('s'))).containsOnlyKeys("y");

    RawPickle none = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    assertThat(read(none.text("model").text("bert").code('s'))).containsOnlyKeys("x");
  }

  @Test
  void integersNameNoParameters() throws IOException {
    RawPickle pickle = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));

    assertThat(read(pickle.number(3).tensor(0, new long[] {4}, new long[] {1}).code('s')))
        .containsOnlyKeys("x");
  }

  @Test
  void anArchiveMayHaveAComment() throws IOException {
    RawPickle pickle = stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}));
    byte[] zip = RawTorchFile.of(pickle).zip(ZipEntry.STORED);
    byte[] comment = "PK\5\6, but a comment of thirty bytes".getBytes(StandardCharsets.ISO_8859_1);
    zip[zip.length - 2] = (byte) comment.length;

    RawTorchFile.writeParts(file, zip, comment);

    assertThat(TorchFile.read(file)).containsOnlyKeys("x");
  }

  @Test
  void aStorageMayBeLargerThanFourGibibytes() throws IOException {
    long bytes = 4 * GIBIBYTE + 16;
    RawPickle pickle = new RawPickle().code('}');
    view(pickle, "last", bytes, 1L << 30, new RawPickle().numbers(4), new RawPickle().numbers(1));
    view(pickle, "far", bytes, 4, new RawPickle().numbers(2), new RawPickle().numbers(1 << 28));
    writeSparse(pickle.bytes(), bytes);

    Map<String, TorchTensor> tensors = TorchFile.read(file);

    assertThat(tensors.get("last").data().asFloatBuffer()).isEqualTo(floats(0, 1, 2, 3));
    assertThat(tensors.get("far").data().asFloatBuffer()).isEqualTo(floats(7, 8));
  }

  @Test
  void elementsThatLieFurtherApartThanAMappingAreRefused() throws IOException {
    long bytes = 4 * GIBIBYTE + 16;
    RawPickle pickle = new RawPickle().code('}');
    view(pickle, "x", bytes, 0, new RawPickle().numbers(2), new RawPickle().numbers(1 << 29));
    writeSparse(pickle.bytes(), bytes);

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': the elements of tensor 'x' lie apart and spread over 2147483652 bytes; at most"
                + " 2147483647 can be read",
            file);
  }

  @Test
  void aTensorThatIsTooLargeForAMappingHasNoData() throws IOException {
    long bytes = 4 * GIBIBYTE + 16;
    RawPickle pickle = new RawPickle().code('}');
    view(pickle, "x", bytes, 0, new RawPickle().numbers(1 << 30), new RawPickle().numbers(1));
    writeSparse(pickle.bytes(), bytes);

    TorchTensor tensor = TorchFile.read(file).get("x");

    assertThat(tensor.bytes()).isEqualTo(4 * GIBIBYTE);
    assertThat(tensor.data().remaining()).isZero();
  }

  @Test
  void aPickleLargerThanAnyListOfNamesIsRefused() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SparseZip zip = new SparseZip(channel);
      zip.add("a/data.pkl", 100_000_001);
      zip.end();
    }

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage("'%s': the pickle takes 100000001 bytes, expected at most 100000000", file);
  }

  /** Adds a tensor of floats in a storage of so many bytes, {@code 0}. */
  private static void view(
      RawPickle pickle, String name, long bytes, long offset, RawPickle shape, RawPickle strides) {
    pickle.text(name).global("torch._utils", "_rebuild_tensor").ops("((").text("storage");
    pickle.global("torch", "FloatStorage").text("0").text("cpu");
    pickle.code(0x8a, 8).littleEndian(8, bytes / 4).ops("tQ").code(0x8a, 8).littleEndian(8, offset);
    pickle.repeat(1, shape).repeat(1, strides).ops("tRs");
  }

  /** A file with a storage that holds 7 at element 4, 8 at 4 + 2^28, 0 to 3 at the end. */
  private void writeSparse(byte[] pickle, long bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      SparseZip zip = new SparseZip(channel);
      channel.write(ByteBuffer.wrap(pickle), zip.add("a/data.pkl", pickle.length));
      long storage = zip.add("a/data/0", bytes);
      channel.write(ByteBuffer.wrap(RawTorchFile.floats()), storage + bytes - 16);
      write(channel, storage + 16, 7);
      write(channel, storage + 16 + GIBIBYTE, 8);
      zip.end();
    }
  }

  private static void write(FileChannel channel, long position, float value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
    channel.write(bytes.flip(), position);
  }

  private static FloatBuffer floats(float... values) {
    return FloatBuffer.wrap(values);
  }

  private Map<String, TorchTensor> read(RawPickle pickle) throws IOException {
    Files.deleteIfExists(file);
    return TorchFile.read(RawTorchFile.of(pickle).write(file));
  }
}
