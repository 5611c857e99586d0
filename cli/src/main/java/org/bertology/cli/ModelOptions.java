package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.model.HeadMask;
import org.bertology.core.model.Model;
import picocli.CommandLine.Option;

/** Which model, and which of its heads. */
final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description =
          "A model directory as Hugging Face transformers saves it: config.json, model.safetensors"
              + " and the tokenizer's files.")
  private Path directory;

  @Option(
      names = "--head-mask",
      paramLabel = "MASK",
      description =
          "Heads to take away, as layer:head,head and so on, layers and heads counted from 1:"
              + " '1:2,3 12:1' takes away heads 2 and 3 of the first layer and head 1 of the"
              + " twelfth. Or a .npy file with a factor for each head, [layers, heads].")
  private Optional<String> headMask = Optional.empty();

  Path directory() {
    return directory;
  }

  Optional<HeadMask> headMask(Model model) {
    return headMask.map(text -> HeadMask.parse(text, model.config()));
  }
}
