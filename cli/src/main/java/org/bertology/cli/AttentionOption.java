package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.api.model.AttentionPattern;
import org.bertology.core.checkpoint.Checkpoint;
import picocli.CommandLine.Option;

/** Which tokens a model's attention sees. */
final class AttentionOption {
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

  /** Opens a model directory. */
  Checkpoint open(Path directory) {
    return of(Checkpoint.open(directory));
  }

  /** The same model with this attention. */
  Checkpoint of(Checkpoint checkpoint) {
    return pattern.map(checkpoint::withAttention).orElse(checkpoint);
  }
}
