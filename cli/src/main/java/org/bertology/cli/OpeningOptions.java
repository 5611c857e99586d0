package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Pooling;
import org.bertology.core.checkpoint.Checkpoint;
import picocli.CommandLine.Option;

/**
 * How a model directory is opened: what its attention sees, how its states are pooled, and whether
 * layers share their parameters.
 */
final class OpeningOptions {
  @Option(
      names = "--attention",
      paramLabel = "PATTERN",
      converter = Choices.OfAttention.class,
      completionCandidates = Choices.Attentions.class,
      description = {
        "Which tokens are seen: ${COMPLETION-CANDIDATES} (default: what the model directory says, or"
            + " else what is usual in the family).",
        "prefix:N: the first N tokens see each other, the others see them and what is to the left."
            + " sequence-to-sequence: the same, the prefix being the first text of a pair (UniLM)."
      })
  private Optional<AttentionPattern> pattern = Optional.empty();

  @Option(
      names = "--pooling",
      paramLabel = "POOLING",
      converter = Choices.OfPooling.class,
      completionCandidates = Choices.Poolings.class,
      description = {
        "Opens an encoder for sentence embedding, with the states of a text pooled by"
            + " ${COMPLETION-CANDIDATES} (default: what the model directory says, if anything)."
      })
  private Optional<Pooling> pooling = Optional.empty();

  @Option(
      names = "--unshare",
      description =
          "Give each layer parameters of its own where layers share theirs (ALBERT), so that heads"
              + " and neurons can be cut from one layer alone.")
  private boolean unshare;

  /** Opens a model directory. */
  Checkpoint open(Path directory) {
    return of(Checkpoint.open(directory));
  }

  /** The same model, opened in this way. */
  Checkpoint of(Checkpoint checkpoint) {
    Checkpoint seeing = pattern.map(checkpoint::withAttention).orElse(checkpoint);
    Checkpoint pooled = pooling.map(seeing::withPooling).orElse(seeing);
    return unshare ? pooled.unshared() : pooled;
  }
}
