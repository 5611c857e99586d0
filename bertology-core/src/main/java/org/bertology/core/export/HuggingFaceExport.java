package org.bertology.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.prune.Cut;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * A model on its way into a directory as Hugging Face transformers saves it. Such a directory has
 * no graph, so it is checked by opening it as a model.
 */
public final class HuggingFaceExport {
  private final Model whole;
  private final ModelMask mask;
  private final Optional<StoredType> type;

  private HuggingFaceExport(Model whole, ModelMask mask, Optional<StoredType> type) {
    this.whole = whole;
    this.mask = mask;
    this.type = type;
  }

  /**
   * An export that is not written yet.
   *
   * @param mask what is cut out first
   * @param type see {@link StagedModel#write}
   * @param parts must be empty
   * @throws UnsupportedCapabilityException if parts of a graph are asked for
   * @throws IllegalArgumentException as {@link Cut#of} does
   */
  public static HuggingFaceExport of(
      Model whole, Optional<ModelMask> mask, Optional<StoredType> type, Set<Part> parts) {
    if (!parts.isEmpty()) {
      throw new UnsupportedCapabilityException(
          "a Hugging Face directory holds weights and no graph, so it has no outputs or inputs of its own to choose; transformers gives attentions and hidden states when asked to");
    }
    mask.ifPresent(cut -> Cut.require(whole.config(), cut));
    return new HuggingFaceExport(whole, mask.orElseGet(() -> ModelMask.ones(whole.config())), type);
  }

  /**
   * Writes the directory under a hidden name, opens it there, compares it with the model (under the
   * mask), and gives it its own name if the proof holds; otherwise nothing is kept. What a narrower
   * element type costs is part of the difference.
   *
   * @throws IllegalArgumentException as {@link Proof#of} and {@link StagedModel#write} do
   */
  public ExportReport save(
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance,
      Path target,
      Existing existing) {
    try (StagedModel staged =
        StagedModel.write(Cut.of(whole.checkpoint(), mask), type, target, existing)) {
      Proof proof = proof(staged.directory(), examples, settings, tolerance);
      List<ExportedFile> files = proof.holds() ? files(target, staged.publish()) : List.of();
      return new ExportReport(
          ExportFormat.HUGGINGFACE,
          List.of(),
          List.of(),
          Optional.of(proof),
          examples.size(),
          tolerance,
          files);
    }
  }

  private Proof proof(
      Path directory, List<EncodedExample> examples, RunSettings settings, double tolerance) {
    try (Model saved = Model.openWithoutTokenizer(directory, whole.backend())) {
      return Proof.of(whole, mask, saved, examples, settings, tolerance);
    }
  }

  private static List<ExportedFile> files(Path target, List<Path> published) {
    Path name = target.toAbsolutePath().normalize().getFileName();
    List<ExportedFile> files = new ArrayList<>();
    for (Path file : published) {
      try {
        files.add(new ExportedFile(name + "/" + file.getFileName(), Files.size(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
      }
    }
    return files;
  }
}
