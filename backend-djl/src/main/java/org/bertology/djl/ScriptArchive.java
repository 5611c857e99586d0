package org.bertology.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module as the archive that PyTorch loads: a zip file whose entries are stored, not
 * compressed. The module has no state, so its two pickles are constants.
 */
final class ScriptArchive {
  private static final String FOLDER = "bertology/";

  /** From this version of the format on, operators have their present-day arguments. */
  private static final String FORMAT_VERSION = "10\n";

  /** Pickle: protocol 2, an object of class M whose only field is {@code training = False}. */
  private static final byte[] MODULE_PICKLE = modulePickle();

  /** Pickle: protocol 2, the empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  private static byte[] modulePickle() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.writeBytes(ascii("c__torch__\nM\n)"));
    pickle.writeBytes(new byte[] {(byte) 0x81});
    pickle.writeBytes(ascii("}(X"));
    pickle.writeBytes(new byte[] {8, 0, 0, 0});
    pickle.writeBytes(ascii("training"));
    pickle.writeBytes(new byte[] {(byte) 0x89});
    pickle.writeBytes(ascii("ub."));
    return pickle.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The archive of a module named {@code M} with this source. */
  static byte[] of(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", MODULE_PICKLE);
      store(zip, "code/__torch__.py", ascii(source));
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "version", ascii(FORMAT_VERSION));
      store(zip, "byteorder", ascii("little"));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
