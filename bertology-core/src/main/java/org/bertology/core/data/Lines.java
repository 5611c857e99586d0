package org.bertology.core.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a UTF-8 file, read one at a time.
 *
 * <p>Only a line feed ends a line: review texts hold U+0085 and form feeds, at which other readers
 * split. A byte order mark at the start is dropped. Bytes that are not UTF-8 are an error that says
 * where.
 */
final class Lines implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST_LINE_BYTES = 1 << 24;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final DataFile file;
  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private byte[] line = new byte[1024];
  private int length;
  private boolean ended;
  private long number;
  private long start; // byte offset of the current line
  private long consumed; // bytes up to and including the current line's end

  Lines(DataFile file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** The next line without its line feed, or empty at the end of the file. */
  Optional<String> next() throws IOException {
    if (!fill()) {
      return Optional.empty();
    }
    number++;
    start = consumed;
    length = 0;
    ended = false;
    while (!ended && fill()) {
      ended = takeUpToLineFeed();
    }
    return Optional.of(decode());
  }

  /** What ended the line that {@link #next} returned last: a line feed, or nothing. */
  String end() {
    return ended ? "\n" : "";
  }

  /** The number of the line that {@link #next} returned last, from 1. */
  long number() {
    return number;
  }

  static String withoutCarriageReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private boolean takeUpToLineFeed() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    append(position, end);
    boolean found = end < limit;
    int taken = end - position + (found ? 1 : 0);
    position += taken;
    consumed += taken;
    return found;
  }

  private void append(int from, int to) {
    int needed = length + to - from;
    if (needed > LONGEST_LINE_BYTES) {
      throw file.wrongAt(
          number, "longer than " + LONGEST_LINE_BYTES + " bytes; is this a text file?");
    }
    if (needed > line.length) {
      line = Arrays.copyOf(line, Math.max(needed, 2 * line.length));
    }
    System.arraycopy(buffer, from, line, length, to - from);
    length = needed;
  }

  private String decode() {
    int skipped = number == 1 && startsWithByteOrderMark() ? BYTE_ORDER_MARK.length : 0;
    ByteBuffer bytes = ByteBuffer.wrap(line, skipped, length - skipped);
    CharBuffer text = CharBuffer.allocate(length - skipped); // never more chars than bytes
    CoderResult result = decoder.reset().decode(bytes, text, true);
    if (result.isError()) {
      int at = bytes.position();
      throw file.wrongAt(
          number,
          String.format(
              "not UTF-8: byte 0x%02X at offset %d of the file; convert the file to UTF-8",
              line[at], start + at));
    }
    return text.flip().toString();
  }

  private boolean startsWithByteOrderMark() {
    return length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }
}
