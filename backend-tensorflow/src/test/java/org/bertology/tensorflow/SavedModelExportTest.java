package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.contract.ExportContract;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.Task;
import org.junit.jupiter.api.Test;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;

/** SavedModel directories. */
final class SavedModelExportTest extends ExportContract {
  SavedModelExportTest() {
    super(new TensorFlowBackendFactory());
  }

  @Test
  void theSignatureForServingHasTheNamesOfInputsAndOutputs() {
    GraphExport export =
        export(
            TinyModels.uneven(3),
            Task.SEQUENCE_CLASSIFICATION,
            Set.of(Part.HEAD_MASK, Part.ATTENTIONS));

    Path directory = written(export);

    try (SavedModelBundle bundle = SavedModelBundle.load(directory.toString(), "serve")) {
      Signature signature = bundle.function("serving_default").signature();
      assertThat(signature.inputNames()).isEqualTo(new HashSet<>(export.inputs()));
      assertThat(signature.outputNames()).isEqualTo(new HashSet<>(export.outputs()));
    }
  }

  @Test
  void variablesAreInFilesOfTheirOwn() {
    GraphExport export = export(TinyModels.uneven(3), Task.SEQUENCE_CLASSIFICATION, Set.of());

    Path directory = written(export);

    assertThat(directory.resolve("saved_model.pb")).exists();
    assertThat(directory.resolve("variables/variables.index")).exists();
    assertThat(directory.resolve("variables/variables.data-00000-of-00001")).exists();
  }
}
