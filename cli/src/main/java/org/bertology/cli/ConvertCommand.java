package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.convert.Conversion;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.OutputTarget;
import org.bertology.core.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology convert}. */
@Command(
    name = "convert",
    description = {
      "Writes a model of any format that is read here as a Hugging Face directory: config.json,"
          + " model.safetensors and the tokenizer's files. Every tensor is read back and compared.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology convert --model uncased_L-12_H-768_A-12 --out bert-base",
      "  bertology convert --model my-model.onnx --out my-model",
      "  bertology convert --model my-encoder --mapping my-encoder.json --dtype f16 --out my-bert"
    })
final class ConvertCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ModelDirectoryOption model;

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description =
          "A description of a checkpoint whose parameters have other names (default:"
              + " bertology-mapping.json beside the weights, if there is one).")
  private Optional<Path> mapping = Optional.empty();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Choices.OfType.class,
      description = "f32, f16 or bf16 for all weights (default: each as it is).")
  private Optional<StoredType> type = Optional.empty();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
  private Path out;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Inject
  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Existing existing = force ? Existing.REPLACE : Existing.REFUSE;
    OutputTarget.require(out, existing);
    mapping.ifPresent(ConvertCommand::requireFile);
    Checkpoint checkpoint = model.open(mapping);
    requireComplete(checkpoint);
    Conversion conversion = Conversion.save(checkpoint, type, out, existing);
    if (conversion.wrong().isPresent()) {
      console
          .err()
          .printf(
              "bertology: the tensor '%s' was not read back as it was written; nothing was kept%n",
              conversion.wrong().get());
      return ExitCode.CHECK_FAILED;
    }
    console
        .out()
        .printf(
            "%s: %s of family %s, %,d tensors%n",
            out,
            checkpoint.task().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            checkpoint.config().modelType(),
            conversion.tensors());
    return ExitCode.OK;
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("mapping file '%s' does not exist".formatted(file));
    }
  }

  /** Nothing is run: opening a model checks that all of its parameters are there. */
  private static void requireComplete(Checkpoint checkpoint) {
    try (ReferenceBackend none = new ReferenceBackend();
        Model complete = Model.of(checkpoint, none)) {
      complete.parameterCount();
    }
  }
}
