package org.bertology.core.checkpoint.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;

/**
 * The format of PyTorch since 1.6: a zip archive with a directory that holds {@code data.pkl},
 * whose storages are {@code data/KEY}, and {@code byteorder}, unless older than 2.1.
 */
final class ZipFormat {
  private static final String PICKLE = "data.pkl";

  private final String source;
  private final FileMap file;
  private final Map<String, ZipArchive.Entry> entries;

  private ZipFormat(String source, FileMap file, Map<String, ZipArchive.Entry> entries) {
    this.source = source;
    this.file = file;
    this.entries = entries;
  }

  static SavedObject read(String source, FileMap file) throws IOException {
    return new ZipFormat(source, file, ZipArchive.entries(source, file)).read();
  }

  private SavedObject read() throws IOException {
    String directory = directory();
    if (entries.containsKey(directory + "constants.pkl")) {
      throw new ContentException(
          "%s is a TorchScript program, no checkpoint; save the model's state_dict() with torch.save"
              .formatted(source));
    }
    checkByteOrder(directory);
    Storages storages = new Storages();
    Object object = Pickle.read(pickle(entry(directory + PICKLE)), storages);
    Map<String, Long> data = new HashMap<>();
    for (Storage storage : storages.declared().values()) {
      data.put(storage.key(), position(directory, storage));
    }
    return new SavedObject(object, data);
  }

  /** The archive's one directory, with a slash at its end. */
  private String directory() {
    List<String> pickles =
        entries.keySet().stream().filter(name -> name.endsWith("/" + PICKLE)).limit(2).toList();
    if (pickles.size() != 1) {
      throw new ContentException(
          "%s is a zip archive, but not of torch.save: it has %s DIRECTORY/%s"
              .formatted(source, pickles.isEmpty() ? "no" : "more than one", PICKLE));
    }
    return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  private void checkByteOrder(String directory) throws IOException {
    ZipArchive.Entry entry = entries.get(directory + "byteorder");
    if (entry == null) {
      return;
    }
    ByteBuffer bytes = file.slice(entry.position(), Math.min(entry.size(), 8));
    String order = StandardCharsets.ISO_8859_1.decode(bytes).toString();
    if (!order.equals("little")) {
      throw new ContentException(
          "%s has the byte order '%s'; only 'little' is read"
              .formatted(source, Quoted.shortened(order)));
    }
  }

  private PickleInput pickle(ZipArchive.Entry entry) throws IOException {
    if (entry.size() > PickleInput.MAXIMUM_BYTES) {
      throw new ContentException(
          "%s: the pickle takes %d bytes, expected at most %d"
              .formatted(source, entry.size(), PickleInput.MAXIMUM_BYTES));
    }
    return new PickleInput(source, file.slice(entry.position(), entry.size()), entry.position());
  }

  private long position(String directory, Storage storage) {
    ZipArchive.Entry entry = entry(directory + "data/" + storage.key());
    if (entry.size() != storage.bytes()) {
      throw new ContentException(
          "%s: storage '%s' has %d bytes, and the pickle says %d"
              .formatted(source, Quoted.shortened(storage.key()), entry.size(), storage.bytes()));
    }
    return entry.position();
  }

  private ZipArchive.Entry entry(String name) {
    ZipArchive.Entry entry = entries.get(name);
    if (entry == null) {
      throw new ContentException(
          "%s lacks the entry '%s'".formatted(source, Quoted.shortened(name)));
    }
    return entry;
  }
}
