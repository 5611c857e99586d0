package org.bertology.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.ClassLabels;
import org.bertology.core.data.Columns;
import org.bertology.core.data.ExampleSource;

/** The embedded example on all of its sentences. */
abstract class MiniLmSentimentContract extends RealModelContract {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("basedir", "."), "../examples/minilm-sentiment").normalize();

  MiniLmSentimentContract(String engine) throws IOException {
    super(
        EXAMPLE,
        Backends.onClassPath().open(engine, BackendConfig.defaults()),
        ExampleSource.of(
            EXAMPLE.resolve("dev.tsv"),
            Columns.usual(),
            ClassLabels.of(List.of("negative", "positive"))));
  }
}
