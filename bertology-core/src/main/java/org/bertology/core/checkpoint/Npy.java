package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * NumPy's {@code .npy} files: little-endian arrays in row-major order of the types f4, f8, i4, i8
 * and b1. Files are written in format 1.0 and read in 1.0 and 2.0.
 */
public final class Npy {
  private static final String MAGIC = "\u0093NUMPY";
  private static final Map<DType, String> DESCRIPTIONS =
      Map.of(
          DType.F32,
          "<f4",
          DType.F64,
          "<f8",
          DType.I32,
          "<i4",
          DType.I64,
          "<i8",
          DType.BOOL,
          "|b1");
  private static final int ALIGNMENT = 64;

  private static final Pattern TYPE =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([\\d\\s,]*)\\)");

  private Npy() {}

  /**
   * Reads an array.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is not an npy file of a known form
   */
  public static Tensor read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("file '%s' does not exist".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = Math.min(channel.size(), Integer.MAX_VALUE);
      ByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
      String header = header(file, bytes);
      long dataLength = channel.size() - bytes.position();
      return tensor(file, header, bytes, dataLength);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  /** The header's text; the buffer stands at the data afterwards. */
  private static String header(Path file, ByteBuffer bytes) {
    if (bytes.remaining() < MAGIC.length() + 4 || !text(bytes, MAGIC.length()).equals(MAGIC)) {
      throw new ContentException(
          "'%s' is no npy file: it does not begin with \\x93NUMPY".formatted(file));
    }
    int major = bytes.get();
    int minor = bytes.get();
    if (minor != 0 || major != 1 && major != 2) {
      throw new ContentException(
          "'%s' has npy format %d.%d; expected 1.0 or 2.0".formatted(file, major, minor));
    }
    int width = major == 1 ? Short.BYTES : Integer.BYTES;
    int available = bytes.remaining() - width;
    long length = available < 0 ? 0 : length(bytes, width);
    if (length > available) {
      throw new ContentException("'%s' is truncated within its header".formatted(file));
    }
    return text(bytes, (int) length);
  }

  private static long length(ByteBuffer bytes, int width) {
    return width == Short.BYTES
        ? Short.toUnsignedLong(bytes.getShort())
        : Integer.toUnsignedLong(bytes.getInt());
  }

  private static String text(ByteBuffer bytes, int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static Tensor tensor(Path file, String header, ByteBuffer bytes, long dataLength) {
    DType type = type(file, field(file, header, TYPE, "descr"));
    if (field(file, header, ORDER, "fortran_order").equals("True")) {
      throw new ContentException(
          "'%s' is in Fortran order; save it in C order (numpy.ascontiguousarray)".formatted(file));
    }
    long[] shape = shape(file, field(file, header, SHAPE, "shape"));
    long expected = size(file, type, shape);
    if (dataLength != expected) {
      throw new ContentException(
          "'%s' has %d bytes of data; %s %s needs %d"
              .formatted(
                  file, dataLength, DESCRIPTIONS.get(type), Arrays.toString(shape), expected));
    }
    return Tensor.of(type, shape, bytes);
  }

  private static String field(Path file, String header, Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new ContentException(
          "'%s' has no readable '%s' in its header: %s".formatted(file, name, header.strip()));
    }
    return matcher.group(1);
  }

  private static DType type(Path file, String description) {
    Optional<DType> type =
        DESCRIPTIONS.entrySet().stream()
            .filter(entry -> entry.getValue().equals(description))
            .map(Map.Entry::getKey)
            .findFirst();
    return type.orElseThrow(
        () ->
            new ContentException(
                "'%s' has elements of type '%s'%s; known are %s"
                    .formatted(file, description, reason(description), known())));
  }

  private static String reason(String description) {
    if (description.startsWith(">")) {
      return " (big-endian)";
    }
    return description.contains("O") ? " (Python objects)" : "";
  }

  private static String known() {
    return DESCRIPTIONS.values().stream().sorted().collect(Collectors.joining(", "));
  }

  private static long[] shape(Path file, String list) {
    try {
      return Arrays.stream(list.split(","))
          .map(String::strip)
          .filter(extent -> !extent.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw new ContentException("'%s' has the shape (%s)".formatted(file, list), e);
    }
  }

  private static long size(Path file, DType type, long[] shape) {
    long bytes = type.bytes();
    try {
      for (long extent : shape) {
        bytes = Math.multiplyExact(bytes, extent);
      }
    } catch (ArithmeticException e) {
      bytes = Long.MAX_VALUE;
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new ContentException(
          "'%s' has the shape %s; at most %d bytes can be read"
              .formatted(file, Arrays.toString(shape), Integer.MAX_VALUE));
    }
    return bytes;
  }

  /**
   * Writes an array, completely or not at all.
   *
   * @see AtomicFiles#write
   */
  public static void write(Path file, Tensor tensor, Existing existing) {
    AtomicFiles.writeChannel(file, existing, content(tensor));
  }

  /** An array as the content of a file. */
  public static AtomicFiles.Content<FileChannel> content(Tensor tensor) {
    return channel -> {
      ByteBuffer header = header(tensor.type(), tensor.shape());
      ByteBuffer data = tensor.bytes();
      while (header.hasRemaining() || data.hasRemaining()) {
        channel.write(new ByteBuffer[] {header, data});
      }
    };
  }

  /** The bytes in front of an array's data, for who writes that piece by piece. */
  public static ByteBuffer header(DType type, long... shape) {
    String fields =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(DESCRIPTIONS.get(type), tuple(shape));
    int prefix = MAGIC.length() + 4;
    // The data starts at a multiple of the alignment, and a line feed ends the header.
    int total = (prefix + fields.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0);
    header.putShort((short) (total - prefix));
    header.put(fields.getBytes(StandardCharsets.ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  private static String tuple(long[] shape) {
    String list = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    return shape.length == 1 ? "(%s,)".formatted(list) : "(%s)".formatted(list);
  }
}
