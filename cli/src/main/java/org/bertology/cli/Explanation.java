package org.bertology.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  private static final String AFTER =
      """

      How to read it. A score near 0 says that no sentence's loss changes much with a little less of
      the head: first-order evidence that it can go. A large one says that many do, up or down. Scores
      compare heads of one model on one data set; they are not fractions of accuracy. The intervals
      are 95%% bootstrap intervals over sentences: where those of two heads overlap widely, 600
      sentences do not settle their order. All heads were present when the derivatives were taken, so
      the scores say little of what happens when many go at once.

      What to try next, in this directory:

        mask the %2$d heads that rank last, then the %2$d that rank first, and compare the accuracies:
          ./bertology evaluate --model %1$s --data %1$s/dev.tsv \\
            --head-mask '%4$s'
          ./bertology evaluate --model %1$s --data %1$s/dev.tsv \\
            --head-mask '%3$s'

        another definition, the attention's entropy, and all scores as files:
          ./bertology importance --model %1$s --data %1$s/dev.tsv \\
            --criterion fisher --entropy --out scores

        your own model: a directory that Hugging Face transformers saved, and a GLUE file or a table:
          ./bertology importance --model DIR --task mrpc --data FILE""";

  /** A sixth of the heads shows the difference on the example. */
  private static final int SHARE = 6;

  private Explanation() {}

  static String after(Path example, List<LayerScores.Unit> ranking) {
    int count = ranking.size() / SHARE;
    String first = mask(ranking.subList(0, count));
    String last = mask(ranking.subList(ranking.size() - count, ranking.size()));
    return AFTER.formatted(display(example), count, first, last);
  }

  /** Heads in the form of {@code --head-mask}. */
  private static String mask(List<LayerScores.Unit> heads) {
    Map<Integer, TreeSet<Integer>> byLayer = new TreeMap<>();
    for (LayerScores.Unit head : heads) {
      byLayer.computeIfAbsent(head.layer() + 1, layer -> new TreeSet<>()).add(head.index() + 1);
    }
    return byLayer.entrySet().stream()
        .map(
            layer ->
                layer.getValue().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(",", layer.getKey() + ":", "")))
        .collect(Collectors.joining(" "));
  }

  /** Relative to the working directory where that is shorter. */
  private static String display(Path example) {
    Path here = Path.of("").toAbsolutePath();
    Path full = example.toAbsolutePath().normalize();
    return (full.startsWith(here) ? here.relativize(full) : full).toString();
  }
}
