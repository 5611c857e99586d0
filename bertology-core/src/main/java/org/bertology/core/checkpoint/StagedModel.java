package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.StagedDirectory;

/**
 * A model saved as a Hugging Face directory, complete but under a hidden name, so that it can be
 * loaded and checked before it is published. Closed without that, it is gone.
 *
 * <p>Tensors have canonical names, see {@link Checkpoint#weights}, and stand in one {@code
 * model.safetensors}; they are written one by one. The {@code config.json} is {@link
 * Checkpoint#configText}. The tokenizer's files are copies.
 */
public final class StagedModel implements AutoCloseable {
  private static final List<String> TOKENIZER_FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "spiece.model",
          "sentencepiece.bpe.model",
          "tokenizer.model");

  private final Checkpoint model;
  private final Optional<StoredType> type;
  private final StagedDirectory directory;

  private StagedModel(Checkpoint model, Optional<StoredType> type, StagedDirectory directory) {
    this.model = model;
    this.type = type;
    this.directory = directory;
  }

  /**
   * Saves a model.
   *
   * @param type F32, F16 or BF16 for all floating-point tensors, rounded to the nearest, ties to
   *     even; otherwise each keeps its own
   * @param existing whether files in the target may be replaced; if not, it must be empty or not
   *     there
   * @throws IllegalArgumentException if the target is a file, not empty, or cannot be written, or a
   *     finite weight would become infinite
   * @throws UncheckedIOException if writing fails or the thread is interrupted
   */
  public static StagedModel write(
      Checkpoint model, Optional<StoredType> type, Path target, Existing existing) {
    type.ifPresent(StagedModel::requireType);
    StagedDirectory directory = StagedDirectory.at(target, existing);
    try {
      StagedModel staged = new StagedModel(model, type, directory);
      staged.writeWeights();
      staged.copyTokenizer();
      // Last: without it a directory is no model, should the process die between two files.
      directory.write(Checkpoint.CONFIG, AtomicFiles.text(model.configText(type)));
      return staged;
    } catch (RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  private static void requireType(StoredType type) {
    if (type != StoredType.F32 && type != StoredType.F16 && type != StoredType.BF16) {
      throw new IllegalArgumentException("weights are stored as F32, F16 or BF16, not as " + type);
    }
  }

  private void writeWeights() {
    StoredWeights weights = model.weights();
    SafeTensorsLayout layout =
        new SafeTensorsLayout(
            weights.names().stream().map(this::entry).toList(), Map.of("format", "pt"));
    directory.write(
        Checkpoint.WEIGHTS,
        channel -> {
          StoredData.writeFully(channel, layout.header());
          for (SafeTensorsLayout.Entry entry : layout.entries()) {
            writeTensor(channel, entry);
          }
        });
  }

  private SafeTensorsLayout.Entry entry(String name) {
    StoredWeights weights = model.weights();
    StoredType stored = weights.storedType(name);
    StoredType written = stored.host().isFloating() ? type.orElse(stored) : stored;
    return new SafeTensorsLayout.Entry(name, written, weights.shape(name));
  }

  private void writeTensor(FileChannel channel, SafeTensorsLayout.Entry entry) throws IOException {
    Tensor tensor = model.weights().tensor(entry.name());
    boolean narrowed = tensor.type() == DType.F64 && entry.type().host() == DType.F32;
    Tensor stored = narrowed ? StoredData.single(entry.name(), tensor) : tensor;
    StoredData.require(entry.name(), stored, entry.type());
    StoredData.write(channel, stored, entry.type());
  }

  private void copyTokenizer() {
    for (String name : TOKENIZER_FILES) {
      Path source = model.directory().resolve(name);
      if (Files.isRegularFile(source)) {
        directory.write(name, channel -> copy(source, channel));
      }
    }
  }

  private static void copy(Path source, FileChannel channel) throws IOException {
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
      for (long position = 0; position < from.size(); ) {
        position += from.transferTo(position, from.size() - position, channel);
      }
    }
  }

  /** Where the model is until it is published; it can be opened there. */
  public Path directory() {
    return directory.path();
  }

  /**
   * Gives the model its own name. Files of another model that it does not have go.
   *
   * @return its files
   * @throws IllegalArgumentException if there are files by now that are to be kept
   * @throws UncheckedIOException if it fails
   */
  public List<Path> publish() {
    return directory
        .withoutOthersOf(TOKENIZER_FILES)
        .withoutOthersOf(WeightsFormat.files())
        .publish();
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    directory.close();
  }
}
