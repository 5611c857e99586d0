package org.bertology.integration;

import java.io.IOException;
import org.bertology.core.data.Columns;
import org.bertology.core.task.DataSelection;

final class OnnxPruningSentimentTest extends PruningContract {
  OnnxPruningSentimentTest() throws IOException {
    super(
        PruningStepsContract.EXAMPLE,
        DataSelection.of(PruningStepsContract.EXAMPLE.resolve("dev.tsv"), Columns.usual()),
        "onnx");
  }
}
