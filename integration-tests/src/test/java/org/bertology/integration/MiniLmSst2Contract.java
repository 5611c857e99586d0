package org.bertology.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.GlueTask;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Normalization;
import org.junit.jupiter.api.Test;

/** MiniLM on all of SST-2's development set; also against the files of Hugging Face's script. */
abstract class MiniLmSst2Contract extends RealModelContract {
  /** The script's own float32 sums of absolute running sums. */
  private static final double SCRIPT = 1e-4;

  MiniLmSst2Contract(String engine) throws IOException {
    super(
        Shared.path("models/minilm-sst2"),
        Backends.onClassPath().open(engine, BackendConfig.defaults()),
        ExampleSource.of(
            Shared.path("data/glue-sst2/dev.tsv"),
            GlueTask.named("sst-2"),
            GlueTask.named("sst-2").labels("bert", List.of("LABEL_0", "LABEL_1"))));
  }

  @Test
  void theScriptsFilesAreReproduced() {
    assertScript("raw", Normalization.NONE);
    assertScript("normalized", Normalization.LAYER_GLOBAL);
  }

  private void assertScript(String run, Normalization normalization) {
    Path files = reference().resolve("hf-script").resolve(run);
    Golden.assertEqual(
        importance().scores(Criterion.HF_SCRIPT, normalization).toTensor().toDoubles(),
        Npy.read(files.resolve("head_importance.npy")).toDoubles(),
        run + " head_importance.npy",
        SCRIPT);
    Golden.assertEqual(
        importance().entropy().orElseThrow().toTensor().toDoubles(),
        Npy.read(files.resolve("attn_entropy.npy")).toDoubles(),
        run + " attn_entropy.npy",
        SCRIPT);
  }
}
