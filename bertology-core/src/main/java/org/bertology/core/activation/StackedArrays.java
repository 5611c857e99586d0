package org.bertology.core.activation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.SafeTensorsLayout;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.NewDirectories;

/**
 * Arrays over all examples of a data set that are filled example by example in any order, in memory
 * or in files: of a file no more is in memory than one example.
 */
final class StackedArrays {
  /** Takes one example of an array, by the array's place in the list; one thread at a time. */
  @FunctionalInterface
  interface Sink {
    void put(int array, int example, ByteBuffer block);
  }

  /** Puts every example of every array once. */
  @FunctionalInterface
  interface Filling {
    void fill(Sink sink);
  }

  /** An open file and where the first example lies in it. */
  private record Place(FileChannel channel, long position, long exampleBytes) {
    void put(int example, ByteBuffer block) {
      try {
        long at = position + example * exampleBytes;
        while (block.hasRemaining()) {
          at += channel.write(block, at);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final List<StackedArray> arrays;

  StackedArrays(List<StackedArray> arrays) {
    this.arrays = List.copyOf(arrays);
  }

  long bytes() {
    return arrays.stream().mapToLong(StackedArray::bytes).reduce(0, Math::addExact);
  }

  /** The arrays in memory. */
  Map<String, Tensor> toMemory(Filling filling) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (StackedArray array : arrays) {
      if (array.bytes() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "'%s' of all examples takes %d bytes; at most %d are held in memory: write it to a file, or limit the examples"
                .formatted(array.name(), array.bytes(), Integer.MAX_VALUE));
      }
      buffers.add(ByteBuffer.allocate((int) array.bytes()));
    }
    filling.fill((array, example, block) -> put(buffers.get(array), example, block));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < arrays.size(); i++) {
      StackedArray array = arrays.get(i);
      tensors.put(array.name(), Tensor.of(array.type(), array.shape(), buffers.get(i)));
    }
    return tensors;
  }

  private static void put(ByteBuffer all, int example, ByteBuffer block) {
    all.put(example * block.remaining(), block, block.position(), block.remaining());
  }

  /** One safetensors file. */
  void toSafeTensors(Path file, Existing existing, Filling filling) {
    SafeTensorsLayout layout =
        new SafeTensorsLayout(
            arrays.stream()
                .map(a -> new SafeTensorsLayout.Entry(a.name(), StoredType.of(a.type()), a.shape()))
                .toList(),
            Map.of("format", "pt"));
    AtomicFiles.writeChannel(
        file,
        existing,
        channel -> {
          requireSpace(file, layout.bytes());
          writeFully(channel, layout.header());
          List<Place> places = new ArrayList<>();
          for (StackedArray array : arrays) {
            long position = layout.position(array.name());
            places.add(new Place(channel, position, array.exampleBytes()));
          }
          fill(filling, places);
        });
  }

  /** A directory, made if there is none, with one npy file per array. */
  void toNpy(Path directory, Existing existing, Filling filling) {
    NewDirectories directories = NewDirectories.upTo(directory);
    try {
      requireSpace(directory.resolve("array.npy"), bytes());
      openNpy(directory, existing, arrays, new ArrayList<>(), filling);
    } catch (RuntimeException e) {
      directories.remove();
      throw e;
    }
  }

  /** Opens the files one inside the other, so that all are moved to their names at the end. */
  private static void openNpy(
      Path directory,
      Existing existing,
      List<StackedArray> rest,
      List<Place> places,
      Filling filling) {
    StackedArray array = rest.get(0);
    AtomicFiles.writeChannel(
        directory.resolve(array.name() + ".npy"),
        existing,
        channel -> {
          ByteBuffer header = Npy.header(array.type(), array.shape());
          places.add(new Place(channel, header.remaining(), array.exampleBytes()));
          writeFully(channel, header);
          if (rest.size() == 1) {
            fill(filling, places);
          } else {
            openNpy(directory, existing, rest.subList(1, rest.size()), places, filling);
          }
        });
  }

  private static void fill(Filling filling, List<Place> places) throws IOException {
    try {
      filling.fill((array, example, block) -> places.get(array).put(example, block));
    } catch (UncheckedIOException e) {
      // Its owner says which file it was.
      throw e.getCause();
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Refuses before the work what would fail after it.
   *
   * @throws IllegalArgumentException if the file system has less space left than needed
   */
  static void requireSpace(Path file, long bytes) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      long free = Files.getFileStore(directory == null ? file : directory).getUsableSpace();
      if (bytes > free) {
        throw new IllegalArgumentException(
            "the activations take %d bytes, '%s' has %d left; ask for fewer hooks or limit the examples"
                .formatted(bytes, directory, free));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' cannot be written: %s".formatted(file, e), e);
    }
  }

  /** A block of whole numbers. */
  static ByteBuffer block(long... values) {
    ByteBuffer block =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block.asLongBuffer().put(values);
    return block;
  }
}
