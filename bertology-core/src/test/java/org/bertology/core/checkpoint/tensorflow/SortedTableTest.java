package org.bertology.core.checkpoint.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortedTableTest {
  @Test
  void entriesOfAllBlocksAreReadInTheirOrder() {
    MessageBytes first = new MessageBytes();
    TableBytes.entry(first, 0, "", bytes("header"));
    TableBytes.entry(first, 0, "bert/a", bytes("1"));
    TableBytes.entry(first, 5, "b", bytes(""));
    TableBytes.entry(first, 4, "ram", bytes("3"));
    MessageBytes second = TableBytes.entry(new MessageBytes(), 0, "cls", bytes("4"));

    Map<String, String> read = read(new TableBytes().add(first).add(second).toArray());

    assertThat(read)
        .containsExactly(
            Map.entry("", "header"),
            Map.entry("bert/a", "1"),
            Map.entry("bert/b", ""),
            Map.entry("bertram", "3"),
            Map.entry("cls", "4"));
  }

  @Test
  void aFileThatDoesNotEndAsATableIsRefused() {
    byte[] table = new TableBytes().toArray();
    table[table.length - 1] ^= 1;

    String message =
        "'t' is no index of a TensorFlow checkpoint, or is truncated: it does not end as one";
    assertRefused(table, message);
    assertRefused(new byte[0], message);
    assertRefused(new byte[47], message);
  }

  @Test
  void aBlockThatWasChangedIsRefused() {
    byte[] table = TableBytes.of(Map.of("a", bytes("b")));
    table[3] ^= 1;

    assertRefused(table, "'t' is broken: the block at 0 does not have the checksum that is stored");
  }

  @ParameterizedTest
  @CsvSource({"1, Snappy", "2, method 2"})
  void aCompressedBlockIsRefusedByName(int compression, String name) {
    byte[] block = TableBytes.block(new MessageBytes());

    assertRefused(
        new TableBytes().add(block, compression).toArray(),
        "'t' is compressed with "
            + name
            + ", which is not read; TensorFlow itself never compresses it");
  }

  @ParameterizedTest
  @CsvSource({"-1, 4", "0, -1", "1000, 4", "0, 1000", "9223372036854775807, 1"})
  void aBlockOutsideOfTheFileIsRefused(long offset, long size) {
    assertRefused(
        new TableBytes().addHandle(offset, size).toArray(),
        "'t' is broken: a block of %d bytes at %d is not within it".formatted(size, offset));
  }

  @Test
  void aBlockIsReadOnce() {
    byte[] block = TableBytes.block(TableBytes.entries(Map.of("a", bytes("b"))));

    assertRefused(
        new TableBytes().add(block, 0).addHandle(0, block.length).toArray(),
        "'t' is broken: its blocks overlap");
  }

  @Test
  void aKeyThatIsThereTwiceIsRefused() {
    MessageBytes entries = new MessageBytes();
    TableBytes.entry(entries, 0, "a", bytes("b"));
    TableBytes.entry(entries, 1, "", bytes("c"));

    assertRefused(new TableBytes().add(entries), "'t' is broken: the key 'a' is there twice");
  }

  @Test
  void anEntryBeyondItsBlockIsRefused() {
    String message = "'t' is broken: an entry reaches beyond its block";

    assertRefused(
        new TableBytes().add(TableBytes.entry(new MessageBytes(), 1, "a", bytes(""))), message);
    assertRefused(
        new TableBytes().add(TableBytes.entry(new MessageBytes(), -1, "a", bytes(""))), message);
    assertRefused(
        new TableBytes().add(new MessageBytes().varint(0).varint(1000).varint(0)), message);
    assertRefused(
        new TableBytes().add(new MessageBytes().varint(0).varint(0).varint(1000)), message);
    assertRefused(new TableBytes().add(new MessageBytes().varint(0).varint(-1).varint(2)), message);
  }

  @Test
  void aBlockWithMoreKeysInFullThanItHoldsIsRefused() {
    String message = "'t' is broken: a block ends within itself";

    assertRefused(new TableBytes().add(new byte[3], 0), message);
    assertRefused(new TableBytes().add(TableBytes.ints(1), 0), message);
    assertRefused(new TableBytes().add(TableBytes.ints(0, -1), 0), message);
    assertRefused(new TableBytes().add(TableBytes.ints(0, Integer.MAX_VALUE), 0), message);
  }

  @Test
  void keysThatGrowTogetherAreRefusedBeforeTheyFillMemory() {
    MessageBytes entries = TableBytes.entry(new MessageBytes(), 0, "x".repeat(1000), bytes(""));
    for (int i = 0; i < 1000; i++) {
      TableBytes.entry(entries, 1000 + i, "y", bytes(""));
    }

    assertRefused(
        new TableBytes().add(entries),
        "'t' is broken: its keys are more than 16 times as long as it is");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> read(byte[] table) {
    Map<String, String> read = new LinkedHashMap<>();
    SortedTable.read("'t'", ByteBuffer.wrap(table))
        .forEach((key, value) -> read.put(key, StandardCharsets.UTF_8.decode(value).toString()));
    return read;
  }

  private static void assertRefused(TableBytes table, String message) {
    assertRefused(table.toArray(), message);
  }

  private static void assertRefused(byte[] table, String message) {
    assertThatThrownBy(() -> SortedTable.read("'t'", ByteBuffer.wrap(table)))
        .isInstanceOf(ContentException.class)
        .hasMessage(message);
  }
}
