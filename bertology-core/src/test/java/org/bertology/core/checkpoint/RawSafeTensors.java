package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, so that they can be wrong. */
final class RawSafeTensors {
  private RawSafeTensors() {}

  /** A file with this header text (apostrophes stand for quotation marks) and data. */
  static Path write(Path file, String header, int... data) throws IOException {
    return write(file, header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), data);
  }

  static Path write(Path file, byte[] header, int... data) throws IOException {
    return writeWithLength(file, header.length, header, data);
  }

  static Path writeWithLength(Path file, long length, byte[] header, int... data)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put(header);
    for (int value : data) {
      bytes.put((byte) value);
    }
    return Files.write(file, bytes.array());
  }
}
