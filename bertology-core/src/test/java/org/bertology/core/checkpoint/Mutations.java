package org.bertology.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Damaged copies of a file: cut off, with other bits, bytes and numbers, and with parts taken away,
 * repeated or moved. The same seed gives the same copies; the system property {@code
 * bertology.fuzz.runs} says how many.
 */
public final class Mutations {
  /** So few that the build stays fast. */
  private static final int USUAL_RUNS = 300;

  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_PART = 64;
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    Byte.MAX_VALUE,
    Short.MAX_VALUE,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;

  private Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** Damaged copies of a file. */
  public static Stream<byte[]> of(byte[] file, long seed) {
    Mutations mutations = new Mutations(seed);
    return Stream.generate(() -> mutations.mutated(file))
        .limit(Integer.getInteger("bertology.fuzz.runs", USUAL_RUNS));
  }

  private byte[] mutated(byte[] file) {
    byte[] bytes = file.clone();
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int change = 0; change < changes && bytes.length > 0; change++) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    int place = random.nextInt(bytes.length);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, place);
      case 1 -> withByte(bytes, place, (byte) (bytes[place] ^ 1 << random.nextInt(Byte.SIZE)));
      case 2 -> withByte(bytes, place, (byte) random.nextInt());
      case 3 -> withNumber(bytes, place);
      case 4 -> spliced(bytes, place, end(bytes, place), new byte[0]);
      default -> {
        int from = random.nextInt(bytes.length);
        byte[] part = Arrays.copyOfRange(bytes, from, end(bytes, from));
        yield spliced(bytes, place, random.nextBoolean() ? place : end(bytes, place), part);
      }
    };
  }

  private int end(byte[] bytes, int begin) {
    return Math.min(bytes.length, begin + 1 + random.nextInt(LONGEST_PART));
  }

  private static byte[] withByte(byte[] bytes, int place, byte value) {
    bytes[place] = value;
    return bytes;
  }

  private byte[] withNumber(byte[] bytes, int place) {
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    byte[] number =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    int width = Math.min(bytes.length - place, random.nextBoolean() ? Long.BYTES : Integer.BYTES);
    System.arraycopy(number, 0, bytes, place, width);
    return bytes;
  }

  /** The bytes with a part in place of those from {@code begin} to {@code end}. */
  private static byte[] spliced(byte[] bytes, int begin, int end, byte[] part) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - (end - begin) + part.length);
    System.arraycopy(part, 0, result, begin, part.length);
    System.arraycopy(bytes, end, result, begin + part.length, bytes.length - end);
    return result;
  }
}
