package org.bertology.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.Label;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.ImportancePass;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * A process that computes the importance of a model's heads on one batch of random tokens, and
 * prints its operations, the most memory that it had resident, and how long it took.
 */
final class LargeModelProbe {
  private static final int EXAMPLES = 8;
  private static final int TOKENS = 64;

  private LargeModelProbe() {}

  public static void main(String[] arguments) throws IOException {
    long start = System.nanoTime();
    try (Backend backend = Backends.onClassPath().open(arguments[1], BackendConfig.defaults());
        Model model = Model.openWithoutTokenizer(Path.of(arguments[0]), backend);
        ImportancePass pass =
            ImportancePass.open(model, ImportanceOptions.defaults().withResamples(0))) {
      Importance importance = pass.run(examples(model));
      boolean finite = importance.predictions().meanLoss() > 0;
      System.out.printf(
          "loss %.4f %s%nseconds %.1f%n",
          importance.predictions().meanLoss(),
          finite ? "finite" : "not finite",
          (System.nanoTime() - start) / 1e9);
    }
    Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith("VmHWM"))
        .forEach(System.out::println);
  }

  private static EncodedData examples(Model model) {
    Random random = new Random(1);
    List<EncodedExample> examples = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      int[] ids = random.ints(TOKENS, 10, model.config().vocabularySize()).toArray();
      examples.add(new EncodedExample(i, ids, new int[TOKENS], Optional.of(label(model, ids, i))));
    }
    return new EncodedData(examples, 0);
  }

  /** The class of an example, or the words that a language model is to give. */
  private static Label label(Model model, int[] ids, int example) {
    return switch (model.task()) {
      case SEQUENCE_CLASSIFICATION -> new Label.ClassIndex(example % model.config().labels());
      case CAUSAL_LM ->
          new Label.PerToken(
              IntStream.range(0, TOKENS)
                  .mapToObj(t -> t + 1 < TOKENS ? ids[t + 1] : -100)
                  .toList());
      case SEQ2SEQ_LM -> new Label.Target(Arrays.stream(ids).boxed().toList());
      default -> throw new IllegalArgumentException("no labels for " + model.task());
    };
  }
}
