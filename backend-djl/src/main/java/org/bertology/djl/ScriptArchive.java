package org.bertology.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * A TorchScript module as the archive that PyTorch loads: a zip file whose entries are stored, not
 * compressed.
 */
final class ScriptArchive {
  /** The entry with the source, below the folder that all entries are in. */
  static final String SOURCE = "code/__torch__.py";

  private static final String FOLDER = "bertology/";
  private static final int CHUNK_BYTES = 1 << 16;

  /** From this version of the format on, operators have their present-day arguments. */
  private static final String FORMAT_VERSION = "10\n";

  /** Pickle: protocol 2, the empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** The archive of a module named {@code M} with this source and no parameters. */
  static byte[] of(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      writeModule(zip, source, ModulePickle.of(List.of(), List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return bytes.toByteArray();
  }

  /** Writes the archive of a module with its parameters, in float32; the stream stays open. */
  static void write(OutputStream stream, ScriptFile script, Weights weights) throws IOException {
    List<long[]> shapes = script.parameters().stream().map(weights::shape).toList();
    ZipOutputStream zip = new ZipOutputStream(stream);
    writeModule(zip, script.source(), ModulePickle.of(script.parameters(), shapes));
    for (int i = 0; i < script.parameters().size(); i++) {
      Tensor numbers = HostArrays.convert(weights.get(script.parameters().get(i)), DType.F32);
      store(zip, "data/" + i, numbers.bytes());
    }
    zip.finish();
  }

  private static void writeModule(ZipOutputStream zip, String source, byte[] fields)
      throws IOException {
    store(zip, "data.pkl", ByteBuffer.wrap(fields));
    store(zip, SOURCE, text(source));
    store(zip, "constants.pkl", ByteBuffer.wrap(NO_CONSTANTS));
    store(zip, "version", text(FORMAT_VERSION));
    store(zip, "byteorder", text("little"));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void store(ZipOutputStream zip, String name, ByteBuffer content)
      throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content.duplicate());
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.remaining());
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    // Not through a channel, which would end where the thread is interrupted.
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, content.remaining())];
    while (content.hasRemaining()) {
      int length = Math.min(chunk.length, content.remaining());
      content.get(chunk, 0, length);
      zip.write(chunk, 0, length);
    }
    zip.closeEntry();
  }
}
