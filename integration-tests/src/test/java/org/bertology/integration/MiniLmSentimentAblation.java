package org.bertology.integration;

import java.nio.file.Path;
import java.util.List;
import org.bertology.core.data.ClassLabels;
import org.bertology.core.data.Columns;
import org.bertology.core.data.ExampleSource;

/** The embedded example on all of its sentences. */
abstract class MiniLmSentimentAblation extends AblationContract {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("basedir", "."), "../examples/minilm-sentiment").normalize();

  MiniLmSentimentAblation(String engine, int stride) {
    super(
        EXAMPLE,
        engine,
        ExampleSource.of(
            EXAMPLE.resolve("dev.tsv"),
            Columns.usual(),
            ClassLabels.of(List.of("negative", "positive"))),
        stride);
  }
}
