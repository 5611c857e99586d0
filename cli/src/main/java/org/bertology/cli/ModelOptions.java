package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.bertology.api.model.Mask;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and what is taken away from it. */
final class ModelOptions {
  @Mixin private ModelDirectoryOption directory;

  @Option(
      names = "--head-mask",
      paramLabel = "MASK",
      description =
          "Heads to take away, as layer:head,head and so on, layers and heads counted from 1:"
              + " '1:2,3 12:1' takes away heads 2 and 3 of the first layer and head 1 of the"
              + " twelfth. Or a .npy file with a factor for each head, [layers, heads].")
  private Optional<String> headMask = Optional.empty();

  @Option(
      names = "--neuron-mask",
      paramLabel = "MASK",
      description =
          "Neurons of the feed-forward networks to take away, as layer:neuron,neuron and so on; or"
              + " a .npy file, [layers, neurons].")
  private Optional<String> neuronMask = Optional.empty();

  @Option(
      names = "--layer-mask",
      paramLabel = "MASK",
      description = "Layers to take away, as 2,5; or a .npy file, [layers, 1].")
  private Optional<String> layerMask = Optional.empty();

  Path directory() {
    return directory.path();
  }

  Checkpoint open() {
    return directory.open();
  }

  /** Another model, opened in the same way. */
  Checkpoint open(Path other) {
    return directory.open(other);
  }

  /** What the options take away; empty without any of them. */
  Optional<ModelMask> mask(Model model) {
    return Stream.of(
            parsed(Mask.HEADS, headMask, model),
            parsed(Mask.NEURONS, neuronMask, model),
            parsed(Mask.LAYERS, layerMask, model))
        .flatMap(Optional::stream)
        .reduce(ModelMask::times);
  }

  private static Optional<ModelMask> parsed(Mask kind, Optional<String> text, Model model) {
    return text.map(given -> MaskText.parse(kind, given, model.config()));
  }
}
