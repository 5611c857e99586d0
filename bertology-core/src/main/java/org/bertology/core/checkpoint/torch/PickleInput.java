package org.bertology.core.checkpoint.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.bertology.core.ContentException;

/**
 * The bytes of a pickle, and how much work they may ask for: each instruction and each item that
 * one copies is a step, and there are no more steps than bytes. So neither time nor memory can
 * outgrow the file, whatever a pickle makes of its few instructions.
 */
final class PickleInput {
  /** No list of names and shapes is longer; it is also the bound of a safetensors header. */
  static final int MAXIMUM_BYTES = 100_000_000;

  /** Some hundred thousand tensors. */
  static final int MAXIMUM_STEPS = 1 << 22;

  private final String source;
  private final ByteBuffer bytes;
  private final long start;
  private final int budget;
  private int steps;

  /**
   * The input that starts with the first of these bytes.
   *
   * @param source what messages call the file
   * @param start the position of the first byte in the file
   */
  PickleInput(String source, ByteBuffer bytes, long start) {
    this.source = source;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.start = start;
    this.budget = Math.min(bytes.remaining(), MAXIMUM_STEPS);
  }

  String source() {
    return source;
  }

  /** The position of the next byte in the file. */
  long position() {
    return start + bytes.position();
  }

  /** A fault of the pickle, with the place at which reading is. */
  ContentException broken(String fault) {
    return new ContentException(
        "%s: the pickle is broken at byte %d: %s".formatted(source, position(), fault));
  }

  /** Takes steps from the budget. */
  void spend(int count) {
    steps += count;
    if (steps > budget) {
      throw broken("it asks for more than %d steps, the most for its size".formatted(budget));
    }
  }

  int unsignedByte() {
    require(1);
    return Byte.toUnsignedInt(bytes.get());
  }

  int unsignedShort() {
    require(2);
    return Short.toUnsignedInt(bytes.getShort());
  }

  int signedInt() {
    require(4);
    return bytes.getInt();
  }

  long unsignedInt() {
    return Integer.toUnsignedLong(signedInt());
  }

  long signedLong() {
    require(8);
    return bytes.getLong();
  }

  /** A number in IEEE 754 binary64, big-endian. */
  double real() {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  /** A little-endian number in two's complement: a Long if it fits, otherwise a BigInteger. */
  Object whole(long length) {
    byte[] digits = raw(length);
    byte[] reversed = new byte[digits.length];
    for (int i = 0; i < digits.length; i++) {
      reversed[digits.length - 1 - i] = digits[i];
    }
    BigInteger number = digits.length == 0 ? BigInteger.ZERO : new BigInteger(reversed);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  byte[] raw(long length) {
    require(length);
    byte[] raw = new byte[(int) length];
    bytes.get(raw);
    return raw;
  }

  String latin1(long length) {
    return new String(raw(length), StandardCharsets.ISO_8859_1);
  }

  String utf8(long length) {
    require(length);
    ByteBuffer text = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw broken("a string is not UTF-8");
    }
  }

  /** The text up to the next line feed. */
  String line() {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    String line = utf8(end - bytes.position());
    unsignedByte();
    return line;
  }

  private void require(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw broken(
          "it needs %s bytes more, and there are %d"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
  }
}
