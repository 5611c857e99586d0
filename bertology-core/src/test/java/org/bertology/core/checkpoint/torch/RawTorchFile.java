package org.bertology.core.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files in the formats of torch.save put together by hand, so that they can be wrong. */
final class RawTorchFile {
  private static final byte[] MAGIC =
      new RawPickle()
          .code(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
          .bytes();

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** A zip archive with this pickle, and a storage {@code 0} of 16 bytes: the floats 0 to 3. */
  static RawTorchFile of(RawPickle pickle) {
    return new RawTorchFile().with("a/data.pkl", pickle.bytes()).with("a/data/0", floats());
  }

  static byte[] floats() {
    ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    return floats.putFloat(0).putFloat(1).putFloat(2).putFloat(3).array();
  }

  RawTorchFile with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  RawTorchFile with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  RawTorchFile without(String name) {
    entries.remove(name);
    return this;
  }

  byte[] zip(int method) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          entry.setSize(content.getValue().length);
          entry.setCrc(checksum(content.getValue()));
        }
        zip.putNextEntry(entry);
        zip.write(content.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static long checksum(byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    return checksum.getValue();
  }

  Path write(Path file) throws IOException {
    return Files.write(file, zip(ZipEntry.STORED));
  }

  /** The older format: magic number, version 1001, no facts, pickle, keys, and the rest. */
  static Path writeLegacy(Path file, RawPickle pickle, RawPickle keys, byte[] rest)
      throws IOException {
    RawPickle version = new RawPickle().number(1001);
    return writeParts(
        file,
        MAGIC,
        version.bytes(),
        new RawPickle().code('}').bytes(),
        pickle.bytes(),
        keys.bytes(),
        rest);
  }

  static Path writeParts(Path file, byte[]... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return Files.write(file, bytes.toByteArray());
  }

  static byte[] magic() {
    return MAGIC.clone();
  }
}
