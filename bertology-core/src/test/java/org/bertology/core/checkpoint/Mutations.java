package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.bertology.core.ContentException;

/**
 * Files that are broken at random, always in the same ways: truncated, with flipped bits, with
 * numbers replaced by extreme ones, with pieces left out, repeated or moved.
 *
 * <p>{@code -Dbertology.fuzz.runs=N} makes N of them from each file.
 */
public final class Mutations {
  private static final int RUNS = Integer.getInteger("bertology.fuzz.runs", 200);
  private static final int MOST_CHANGES = 3;
  private static final int LONGEST_PIECE = 64;

  /** Objects are larger than the bytes that describe them; this is what a file may cost at most. */
  private static final long ALLOCATED_PER_BYTE = 256;

  /** Buffers, messages and stack traces of any file. */
  private static final long ALLOCATED_AT_LEAST = 1 << 20;

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_ffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 40
  };

  private final byte[] original;
  private final Random random;

  private Mutations(byte[] original, long seed) {
    this.original = original.clone();
    this.random = new Random(seed);
  }

  /**
   * Asserts of broken copies of a file that a reader either reads them or throws a {@link
   * ContentException} with a message, and that it allocates no more than in proportion to their
   * size.
   *
   * @param original a sound file
   * @param file where to put the copies
   */
  public static void assertReadOrRefused(byte[] original, Path file, Consumer<Path> reader)
      throws IOException {
    reader.accept(Files.write(file, original));
    for (int run = 0; run < RUNS; run++) {
      byte[] broken = new Mutations(original, run).broken();
      // A new file each time: earlier ones may still be mapped.
      Files.deleteIfExists(file);
      assertReadOrRefused("mutation %d".formatted(run), Files.write(file, broken), reader);
    }
  }

  /** Asserts the same of one file. */
  public static void assertReadOrRefused(String description, Path file, Consumer<Path> reader)
      throws IOException {
    long most = ALLOCATED_AT_LEAST + ALLOCATED_PER_BYTE * Files.size(file);
    // The first time classes may be loaded, which is not the file's doing.
    if (cost(description, file, reader) > most) {
      assertThat(cost(description, file, reader))
          .as("bytes allocated for %s of %s", description, file)
          .isLessThanOrEqualTo(most);
    }
  }

  /** What it allocates to read a file or refuse it, in bytes. */
  private static long cost(String description, Path file, Consumer<Path> reader) {
    long before = allocated();
    try {
      reader.accept(file);
    } catch (ContentException e) {
      assertThat(e).as(description).hasMessageContaining(file.getFileName().toString());
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s of %s ended in %s".formatted(description, file, e), e);
    }
    return allocated() - before;
  }

  /** What this thread has allocated on the heap so far. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private byte[] broken() {
    byte[] bytes = original;
    for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      bytes = bytes.length == 0 ? bytes : changed(bytes.clone());
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> withFlippedBit(bytes);
      case 2 -> withOtherByte(bytes);
      case 3 -> withExtreme(bytes);
      case 4 -> withCopiedPiece(bytes);
      case 5 -> withoutPiece(bytes);
      case 6 -> withInsertedPiece(bytes);
      default -> throw new IllegalStateException();
    };
  }

  private byte[] withFlippedBit(byte[] bytes) {
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private byte[] withOtherByte(byte[] bytes) {
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    return bytes;
  }

  /** A number of one, two, four or eight bytes, in either order of them. */
  private byte[] withExtreme(byte[] bytes) {
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    int width = 1 << random.nextInt(4);
    int start = random.nextInt(bytes.length);
    boolean littleEndian = random.nextBoolean();
    for (int i = 0; i < width && start + i < bytes.length; i++) {
      bytes[start + i] = (byte) (value >> 8 * (littleEndian ? i : width - 1 - i));
    }
    return bytes;
  }

  private byte[] withCopiedPiece(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = random.nextInt(bytes.length);
    System.arraycopy(bytes, from, bytes, to, length(bytes, Math.max(from, to)));
    return bytes;
  }

  private byte[] withoutPiece(byte[] bytes) {
    int start = random.nextInt(bytes.length);
    return joined(bytes, start, new byte[0], start + length(bytes, start));
  }

  private byte[] withInsertedPiece(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    byte[] piece = Arrays.copyOfRange(bytes, from, from + length(bytes, from));
    int place = random.nextInt(bytes.length);
    return joined(bytes, place, piece, place);
  }

  private int length(byte[] bytes, int start) {
    return 1 + random.nextInt(Math.min(LONGEST_PIECE, bytes.length - start));
  }

  /** The bytes before an end, a piece, and the bytes from a place on. */
  private static byte[] joined(byte[] bytes, int end, byte[] piece, int rest) {
    byte[] joined = Arrays.copyOf(bytes, end + piece.length + bytes.length - rest);
    System.arraycopy(piece, 0, joined, end, piece.length);
    System.arraycopy(bytes, rest, joined, end + piece.length, bytes.length - rest);
    return joined;
  }
}
