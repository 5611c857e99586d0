package org.bertology.integration;

import java.io.IOException;
import org.bertology.core.data.GlueTask;
import org.bertology.core.task.DataSelection;

final class OnnxPruningSst2Test extends PruningContract {
  OnnxPruningSst2Test() throws IOException {
    super(
        Shared.path("models/minilm-sst2"),
        DataSelection.of(Shared.path("data/glue-sst2/dev.tsv"), GlueTask.named("sst-2")),
        "onnx");
  }
}
