package org.bertology.integration;

import java.io.IOException;
import java.nio.file.Path;
import org.bertology.core.data.Columns;
import org.bertology.core.task.DataSelection;

final class OnnxPruningSentimentTest extends PruningContract {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("basedir", "."), "../examples/minilm-sentiment").normalize();

  OnnxPruningSentimentTest() throws IOException {
    super(EXAMPLE, DataSelection.of(EXAMPLE.resolve("dev.tsv"), Columns.usual()), "onnx");
  }
}
