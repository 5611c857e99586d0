package org.bertology.core.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** A zip archive with 64-bit fields throughout, whose entries' data is left to be written. */
final class SparseZip {
  private final FileChannel channel;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private long position;
  private int entries;

  SparseZip(FileChannel channel) {
    this.channel = channel;
  }

  /** Adds an entry; returns the position of its data. */
  long add(String name, long size) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    long header = position;
    ByteBuffer local = buffer(30 + text.length).putInt(0, 0x04034b50);
    local.putShort(26, (short) text.length).put(30, text);
    channel.write(local, header);
    directory.writeBytes(
        buffer(46)
            .putInt(0, 0x02014b50)
            .putInt(20, -1)
            .putInt(24, -1)
            .putShort(28, (short) text.length)
            .putShort(30, (short) 33)
            .putInt(42, -1)
            .array());
    directory.writeBytes(text);
    // An extra field of another kind comes first.
    directory.writeBytes(buffer(5).putShort(0, (short) 9).putShort(2, (short) 1).array());
    ByteBuffer wide = buffer(28).putShort(0, (short) 1).putShort(2, (short) 24);
    directory.writeBytes(wide.putLong(4, size).putLong(12, size).putLong(20, header).array());
    position = header + 30 + text.length + size;
    entries++;
    return position - size;
  }

  /** Writes the directory and what follows it. */
  void end() throws IOException {
    long wideEnd = position + directory.size();
    channel.write(ByteBuffer.wrap(directory.toByteArray()), position);
    channel.write(
        buffer(56)
            .putInt(0, 0x06064b50)
            .putLong(32, entries)
            .putLong(40, directory.size())
            .putLong(48, position),
        wideEnd);
    channel.write(buffer(20).putInt(0, 0x07064b50).putLong(8, wideEnd), wideEnd + 56);
    channel.write(
        buffer(22).putInt(0, 0x06054b50).putShort(10, (short) -1).putInt(12, -1).putInt(16, -1),
        wideEnd + 76);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
