package org.bertology.integration;

import java.util.List;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.GlueTask;

/** MiniLM on all of SST-2's development set. */
abstract class MiniLmSst2Ablation extends AblationContract {
  MiniLmSst2Ablation(String engine, int stride) {
    super(
        Shared.path("models/minilm-sst2"),
        engine,
        ExampleSource.of(
            Shared.path("data/glue-sst2/dev.tsv"),
            GlueTask.named("sst-2"),
            GlueTask.named("sst-2").labels("bert", List.of("LABEL_0", "LABEL_1"))),
        stride);
  }
}
