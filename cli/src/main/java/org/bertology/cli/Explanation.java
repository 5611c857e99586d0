package org.bertology.cli;

import java.nio.file.Path;
import org.bertology.core.importance.LayerScores;

/** What the demo says around its result. */
final class Explanation {
  static final String BEFORE =
      """
      The example is MiniLM-L6, a six-layer BERT, fine-tuned to tell positive from negative sentences,
      with 600 labelled sentences that it was not trained on. Every head's context is multiplied by a
      mask that is 1. One forward and backward pass gives the derivative of each sentence's loss with
      respect to every head's mask; a head's score is the mean of its absolute value over sentences
      (Michel, Levy and Neubig, 2019, equation 2). No head is removed for this.
      """;

  private Explanation() {}

  static String after(Path example, LayerScores.Unit[] ranking) {
    return """

    How to read it. A score near 0 says that the loss hardly changes with a little less of the head:
    first-order evidence that it can go. Scores compare heads of one model on one data set; they are
    not fractions of accuracy. The intervals are 95%% bootstrap intervals over sentences: where those
    of two heads overlap widely, their order is not settled by these 600. The derivative is taken with
    all heads present, and says little of what happens when many go at once.

    What to try next, in the directory that you are in:

      mask the head that ranks last, then the one that ranks first, and compare the losses:
        bertology evaluate --model %1$s --data %1$s/dev.tsv --head-mask %3$s
        bertology evaluate --model %1$s --data %1$s/dev.tsv --head-mask %2$s

      other definitions, the attention's entropy, and all scores as files:
        bertology importance --model %1$s --data %1$s/dev.tsv --criterion fisher --entropy --out scores

      your own model: a directory that Hugging Face transformers saved, and a GLUE file or a table:
        bertology importance --model DIR --task mrpc --data DIR/dev.tsv"""
        .formatted(display(example), mask(ranking[0]), mask(ranking[ranking.length - 1]));
  }

  private static String mask(LayerScores.Unit head) {
    return "%d:%d".formatted(head.layer() + 1, head.index() + 1);
  }

  /** Relative to the working directory where that is shorter. */
  private static String display(Path example) {
    Path here = Path.of("").toAbsolutePath();
    Path full = example.toAbsolutePath().normalize();
    String relative = full.startsWith(here) ? here.relativize(full).toString() : full.toString();
    return relative.isEmpty() ? "." : relative;
  }
}
