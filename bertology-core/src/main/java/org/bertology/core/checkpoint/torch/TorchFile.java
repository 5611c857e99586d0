package org.bertology.core.checkpoint.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bertology.core.ContentException;
import org.bertology.core.file.LfsPointer;

/**
 * The tensors that {@code torch.save} has written, as a zip archive or, before PyTorch 1.6, as a
 * sequence of pickles.
 *
 * <p>The object graph in such a file is a program for Python's pickle machine. It is interpreted
 * here, by a machine that can name only what a state dict consists of, and that does no more work
 * than there are bytes. Anything else is refused by its name.
 *
 * <p>The file is mapped into memory. There is nothing to close: the mapping ends when the garbage
 * collector finds none of the tensors in use. The file must not be changed or shortened while it is
 * mapped; replacing it by a move is safe.
 */
public final class TorchFile {
  private static final int ZIP = 0x04034b50;
  private static final int PICKLE = 0x80;

  private final String source;
  private final FileMap file;

  private TorchFile(String source, FileMap file) {
    this.source = source;
    this.file = file;
  }

  /**
   * The tensors of a file by name, in the order in which they were saved: those of the dictionary
   * that was saved, or of the one in it under {@code state_dict} or {@code model}.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is broken, holds no tensors, or asks for what is not in the
   *     closed list
   */
  public static Map<String, TorchTensor> read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException("file '%s' does not exist".formatted(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      FileMap file = new FileMap(channel);
      LfsPointer.refuse(path, file.slice(0, Math.min(file.size(), LfsPointer.BYTES)));
      return new TorchFile("'%s'".formatted(path), file).tensors();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(path, e), e);
    }
  }

  private Map<String, TorchTensor> tensors() throws IOException {
    SavedObject saved = saved();
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorView> tensor :
        StateDict.tensors(source, saved.object()).entrySet()) {
      String key = tensor.getValue().storage().key();
      long position = Objects.requireNonNull(saved.data().get(key), key);
      tensors.put(tensor.getKey(), tensor(tensor.getKey(), tensor.getValue(), position));
    }
    return Collections.unmodifiableMap(tensors);
  }

  private SavedObject saved() throws IOException {
    if (file.size() >= Integer.BYTES && file.slice(0, Integer.BYTES).getInt() == ZIP) {
      return ZipFormat.read(source, file);
    }
    if (file.size() > 0 && Byte.toUnsignedInt(file.slice(0, 1).get()) == PICKLE) {
      return LegacyFormat.read(source, file);
    }
    throw new ContentException(
        "%s is no file of torch.save: it begins neither as a zip archive nor as a pickle"
            .formatted(source));
  }

  private TorchTensor tensor(String name, TensorView view, long storage) throws IOException {
    long span = view.span() * view.type().bytes();
    checkSize(name, view, span);
    boolean mapped = view.elements() > 0 && span <= Integer.MAX_VALUE;
    ByteBuffer bytes =
        mapped
            ? file.slice(storage + view.offset() * view.type().bytes(), span)
            : ByteBuffer.allocate(0);
    return new TorchTensor(view, bytes);
  }

  private void checkSize(String name, TensorView view, long span) {
    // Strides of zero repeat elements: a few bytes could ask for any amount of memory.
    if (view.bytes() > file.size()) {
      throw new ContentException(
          "%s: tensor '%s' of shape %s takes more bytes than the whole file, %d"
              .formatted(
                  source, Quoted.shortened(name), Arrays.toString(view.shape()), file.size()));
    }
    if (span > Integer.MAX_VALUE && !view.isContiguous()) {
      throw new ContentException(
          "%s: the elements of tensor '%s' lie apart and spread over %d bytes; at most %d can be read"
              .formatted(source, Quoted.shortened(name), span, Integer.MAX_VALUE));
    }
  }
}
