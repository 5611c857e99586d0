package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a Hugging Face directory holds its weights, told by the file in it that has them or says
 * which files do. Where there are several the first one counts, as in Hugging Face's library.
 */
enum WeightsFormat {
  SAFETENSORS("model.safetensors", false, SafeTensors::open),
  SHARDED_SAFETENSORS("model.safetensors.index.json", true, SafeTensors::open),
  TORCH("pytorch_model.bin", false, TorchCheckpoint::open),
  SHARDED_TORCH("pytorch_model.bin.index.json", true, TorchCheckpoint::open);

  private final String file;
  private final boolean sharded;
  private final Function<Path, StoredWeights> opener;

  WeightsFormat(String file, boolean sharded, Function<Path, StoredWeights> opener) {
    this.file = file;
    this.sharded = sharded;
    this.opener = opener;
  }

  /**
   * Weights and the files that hold them.
   *
   * @param files the index first, then the shards by name
   */
  record Opened(StoredWeights weights, List<Path> files) {}

  /** The name of the file by which the format is told. */
  String file() {
    return file;
  }

  /** The names of the files by which formats are told. */
  static List<String> files() {
    return Arrays.stream(values()).map(WeightsFormat::file).toList();
  }

  /** The format of a directory; empty if it has none of the files. */
  static Optional<WeightsFormat> of(Path directory) {
    return Arrays.stream(values())
        .filter(format -> Files.isRegularFile(directory.resolve(format.file)))
        .findFirst();
  }

  /** Opens the weights of a directory of this format; they are mapped, not read. */
  Opened open(Path directory) {
    Path path = directory.resolve(file);
    if (!sharded) {
      return new Opened(opener.apply(path), List.of(path));
    }
    ShardedWeights weights = ShardedWeights.open(path, opener);
    List<Path> files = new ArrayList<>(List.of(path));
    files.addAll(weights.shards());
    return new Opened(weights, files);
  }
}
