package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.checkpoint.Checkpoint;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and how it is opened. */
final class ModelDirectoryOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description =
          "A model directory as Hugging Face transformers saves it: config.json, model.safetensors"
              + " or pytorch_model.bin, and the tokenizer's files; or one with a TensorFlow checkpoint and its"
              + " bert_config.json; or an .onnx file that 'bertology export' wrote.")
  private Path path;

  @Mixin private OpeningOptions opening;

  Path path() {
    return path;
  }

  Checkpoint open() {
    return open(path);
  }

  /** Another directory, opened in the same way. */
  Checkpoint open(Path other) {
    return opening.open(other);
  }

  /** The same for a checkpoint that a mapping file describes. */
  Checkpoint open(Optional<Path> mapping) {
    return opening.of(Checkpoint.open(path, mapping));
  }
}
