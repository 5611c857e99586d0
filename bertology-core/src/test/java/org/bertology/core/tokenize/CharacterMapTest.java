package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharacterMapTest {

  /** Units of a double array for one key: its root, its letter, and the value behind that. */
  private static final int ROOT = 0;

  private static final int LEAF = 1 << 8;
  private static final int VALUE = 1 << 31;

  @TempDir private Path directory;

  @Test
  void aSoundMapReplacesCharacters() throws IOException {
    Files.write(
        directory.resolve("spiece.model"),
        new MessageBytes()
            .message(1, new MessageBytes().text(1, "<unk>").number(3, 2))
            .message(1, new MessageBytes().text(1, "▁"))
            .message(1, new MessageBytes().text(1, "ä"))
            .message(3, new MessageBytes().bytes(2, map(0, "ä\0").array()))
            .toArray());

    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("a b", 9).ids()).containsExactly(1, 2, 1, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"4", "1", "2000000000"})
  void aReplacementBeyondTheTextOrWithinACharacterIsRefused(int from) {
    assertBroken(
        map(from, "ä\0"),
        "it refers to byte %d for a replacement of at most 256 of its 3 bytes of text"
            .formatted(from));
  }

  @Test
  void anEndlessReplacementIsRefused() {
    assertBroken(
        map(0, "x".repeat(257)),
        "it refers to byte 0 for a replacement of at most 256 of its 257 bytes of text");
  }

  @Test
  void aReferenceBeyondTheTrieIsRefused() {
    assertBroken(
        map(0, "x\0").putInt(Integer.BYTES * (1 + 'a'), 'a' | LEAF | 1 << 20),
        "its trie of 256 units refers to unit 1121");
  }

  @Test
  void aTrieThatGoesInCirclesEnds() {
    ByteBuffer circle = map(0, "x\0").putInt(Integer.BYTES * (1 + 'a'), 'a' | 'a' << 10);

    assertThat(CharacterMap.of("m", circle).bytes()).isEqualTo(circle);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -4, 7, 1 << 20})
  void aTrieOfTheWrongSizeIsRefused(int size) {
    assertBroken(map(0, "x\0").putInt(0, size), "its trie has %d of 1030 bytes".formatted(size));
  }

  @Test
  void aMapWithoutASizeIsRefused() {
    assertBroken(ByteBuffer.wrap(new byte[] {4, 0, 0}), "its trie has 0 of 3 bytes");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    ByteBuffer map = map(0, "x\0");

    assertBroken(map.put(map.limit() - 1, (byte) 0xC3), "its replacements are not UTF-8");
  }

  private static void assertBroken(ByteBuffer map, String problem) {
    assertThatThrownBy(() -> CharacterMap.of("m", map))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "m has a broken character map (precompiled_charsmap): %s; fetch the file again",
            problem);
  }

  /** Replaces {@code a} by what begins at byte {@code from} of {@code text}. */
  private static ByteBuffer map(int from, String text) {
    byte[] replacements = text.getBytes(StandardCharsets.UTF_8);
    int units = 256;
    ByteBuffer map =
        ByteBuffer.allocate(Integer.BYTES * (1 + units) + replacements.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    map.putInt(Integer.BYTES * units);
    int[] trie = new int[units];
    trie[0] = ROOT;
    trie['a'] = 'a' | LEAF | 1 << 10;
    trie['a' ^ 1] = VALUE | from;
    map.asIntBuffer().put(trie);
    return map.put(map.limit() - replacements.length, replacements).rewind();
  }
}
