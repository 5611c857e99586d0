package org.bertology.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model. */
final class ModelDirectoryOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description =
          "A model directory as Hugging Face transformers saves it: config.json, model.safetensors"
              + " and the tokenizer's files; or one with a TensorFlow checkpoint and its"
              + " bert_config.json; or an .onnx file that 'bertology export' wrote.")
  private Path path;

  Path path() {
    return path;
  }
}
