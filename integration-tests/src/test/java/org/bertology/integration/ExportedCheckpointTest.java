package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.export.CheckExamples;
import org.bertology.core.export.ExportFormat;
import org.bertology.core.export.ModelExport;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX files that were exported, read again as the models that they are. */
final class ExportedCheckpointTest {
  /** float32; the export itself is compared with the model. */
  private static final double TOLERANCE = 2e-5;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-sequence-classification",
        "bert-regression",
        "bert-regression/pruned",
        "bert-token-classification",
        "bert-token-classification/pruned",
        "bert-masked-lm",
        "bert-masked-lm/pruned"
      })
  void aFileIsTheModelThatWasExported(String name) {
    Path source = Golden.ROOT.resolve(name);
    Path file = directory.resolve("model.onnx");
    try (Backend backend = Backends.onClassPath().open("onnx", BackendConfig.defaults());
        Model model = Model.openWithoutTokenizer(source, backend)) {
      export(model, file);

      try (Model read = Model.openWithoutTokenizer(file, backend)) {
        assertThat(read.checkpoint().config()).isEqualTo(model.checkpoint().config());
        assertSameParameters(read.checkpoint(), model.checkpoint());
        assertThat(logits(read).bytes()).isEqualTo(logits(model).bytes());
      }
    }
  }

  private static void export(Model model, Path file) {
    ModelExport.of(model, Optional.empty(), ExportFormat.ONNX, Set.of())
        .save(
            CheckExamples.of(model.config()),
            RunSettings.defaults(),
            TOLERANCE,
            file,
            Existing.REFUSE);
  }

  private static void assertSameParameters(Checkpoint read, Checkpoint expected) {
    assertThat(expected.weights().names()).containsAll(read.weights().names());
    for (String name : read.weights().names()) {
      assertThat(read.weights().shape(name)).as(name).isEqualTo(expected.weights().shape(name));
      assertThat(read.weights().get(name).bytes())
          .as(name)
          .isEqualTo(expected.weights().get(name).bytes());
    }
  }

  private static Tensor logits(Model model) {
    Graph graph = model.graph(Set.of());
    ModelInputs batch = model.inputs(CheckExamples.of(model.config()));
    try (CompiledGraph compiled = model.compile(graph, List.of(model.output()))) {
      Map<String, Tensor> inputs = new HashMap<>(batch.tensors());
      inputs.keySet().retainAll(compiled.inputs().keySet());
      Tensor logits = compiled.run(inputs).get(model.output());
      assertThat(logits).isNotNull();
      return logits;
    }
  }
}
