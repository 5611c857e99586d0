package org.bertology.core.tokenize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import org.bertology.core.ContentException;

/**
 * Replacements of characters in the form of SentencePiece's {@code precompiled_charsmap}: the size
 * of a trie in bytes, the trie, and the replacements, each ended by a zero byte, which the trie
 * refers to by position. The trie is a double array of the Darts-clone library.
 *
 * <p>A constructed map has been walked all through, since the native library trusts it: a reference
 * beyond either part would end the process.
 */
final class CharacterMap {

  private static final int LARGEST_LABEL = 255;
  private static final int LONGEST_REPLACEMENT = 256;

  private final String source;
  private final ByteBuffer bytes;
  private final IntBuffer trie;
  private final ByteBuffer replacements;

  private CharacterMap(String source, ByteBuffer bytes) {
    this.source = source;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int size = this.bytes.limit();
    int trieBytes = size < Integer.BYTES ? 0 : this.bytes.getInt(0);
    if (trieBytes <= 0 || trieBytes > size - Integer.BYTES || trieBytes % Integer.BYTES != 0) {
      throw wrong("its trie has %d of %d bytes".formatted(trieBytes, size));
    }
    int end = Integer.BYTES + trieBytes;
    this.trie =
        this.bytes.slice(Integer.BYTES, trieBytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    this.replacements = this.bytes.slice(end, size - end);
  }

  /**
   * @param source what messages call the file
   * @throws ContentException if {@code bytes} are not such a map
   */
  static CharacterMap of(String source, ByteBuffer bytes) {
    CharacterMap map = new CharacterMap(source, bytes);
    map.requireUtf8();
    map.walk();
    return map;
  }

  /** The same of Base64, as {@code tokenizer.json} has it. */
  static CharacterMap ofBase64(String source, String base64) {
    try {
      return of(source, ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      throw new ContentException(
          "%s has a character map (precompiled_charsmap) that is not Base64: %s; fetch the file again"
              .formatted(source, e.getMessage()),
          e);
    }
  }

  /** A view of it as it is in the file. */
  ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer();
  }

  private void requireUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(replacements.duplicate());
    } catch (CharacterCodingException e) {
      throw wrong("its replacements are not UTF-8");
    }
  }

  /** Follows every path from the root once. */
  private void walk() {
    BitSet seen = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    open.add(offset(trie.get(0)));
    while (!open.isEmpty()) {
      int base = open.remove();
      for (int label = 1; label <= LARGEST_LABEL; label++) {
        int child = base ^ label;
        int unit = unit(child);
        if (label(unit) == label && !seen.get(child)) {
          seen.set(child);
          int next = child ^ offset(unit);
          if (hasLeaf(unit)) {
            requireReplacement(unit(next) & Integer.MAX_VALUE);
          }
          open.add(next);
        }
      }
    }
  }

  private int unit(int position) {
    if (position >= trie.limit()) {
      throw wrong("its trie of %d units refers to unit %d".formatted(trie.limit(), position));
    }
    return trie.get(position);
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  /** Of a value it is negative, and thus no byte. */
  private static int label(int unit) {
    return unit & (Integer.MIN_VALUE | 0xFF);
  }

  private static boolean hasLeaf(int unit) {
    return (unit >>> 8 & 1) == 1;
  }

  private void requireReplacement(int from) {
    int end = from;
    int limit = Math.min(replacements.limit(), from + LONGEST_REPLACEMENT + 1);
    while (end < limit && replacements.get(end) != 0) {
      end++;
    }
    boolean midCharacter = from < end && (replacements.get(from) & 0xC0) == 0x80;
    if (from > replacements.limit() || midCharacter || end - from > LONGEST_REPLACEMENT) {
      throw wrong(
          "it refers to byte %d for a replacement of at most %d of its %d bytes of text"
              .formatted(from, LONGEST_REPLACEMENT, replacements.limit()));
    }
  }

  private ContentException wrong(String problem) {
    return new ContentException(
        "%s has a broken character map (precompiled_charsmap): %s; fetch the file again"
            .formatted(source, problem));
  }
}
