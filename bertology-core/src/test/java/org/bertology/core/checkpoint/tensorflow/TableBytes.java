package org.bertology.core.checkpoint.tensorflow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.protobuf.MessageBytes;

/** A table put together block by block, so that it can be wrong. */
final class TableBytes {
  private static final int HANDLES_BYTES = 40;

  private final MessageBytes file = new MessageBytes();
  private final MessageBytes index = new MessageBytes();
  private int blocks;

  /** The entries of a block, each key in full. */
  static MessageBytes entries(Map<String, byte[]> values) {
    MessageBytes entries = new MessageBytes();
    values.forEach((key, value) -> entry(entries, 0, key, value));
    return entries;
  }

  /** Appends one entry whose key shares its beginning with the one before. */
  static MessageBytes entry(MessageBytes entries, long shared, String rest, byte[] value) {
    byte[] own = rest.getBytes(StandardCharsets.ISO_8859_1);
    return entries.varint(shared).varint(own.length).varint(value.length).raw(own).raw(value);
  }

  /** Ends a block with the position of its first key. */
  static byte[] block(MessageBytes entries) {
    return new MessageBytes().raw(entries.toArray()).raw(ints(0, 1)).toArray();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  /** Appends a block of entries that the index has. */
  TableBytes add(MessageBytes entries) {
    return add(block(entries), 0);
  }

  TableBytes add(byte[] block, int compression) {
    addHandle(append(block, compression), block.length);
    return this;
  }

  /** Says where a block is, or is not. */
  TableBytes addHandle(long offset, long size) {
    entry(index, 0, "block" + blocks, handle(offset, size));
    blocks++;
    return this;
  }

  private static byte[] handle(long offset, long size) {
    return new MessageBytes().varint(offset).varint(size).toArray();
  }

  private int append(byte[] block, int compression) {
    int offset = file.toArray().length;
    byte[] checked = new MessageBytes().raw(block).raw((byte) compression).toArray();
    file.raw(checked).raw(ints(MaskedChecksum.of(ByteBuffer.wrap(checked))));
    return offset;
  }

  /** The file, with an index and a footer. */
  byte[] toArray() {
    byte[] block = block(index);
    byte[] handles =
        new MessageBytes().raw(handle(0, 0)).raw(handle(append(block, 0), block.length)).toArray();
    file.raw(handles).raw(new byte[HANDLES_BYTES - handles.length]);
    return file.raw(ints(0x8b80fb57, 0xdb477524)).toArray();
  }

  /** A file of one block. */
  static byte[] of(Map<String, byte[]> values) {
    return new TableBytes().add(entries(new LinkedHashMap<>(values))).toArray();
  }
}
