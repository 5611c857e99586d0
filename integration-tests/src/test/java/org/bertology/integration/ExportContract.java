package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.PlainModel;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.export.CheckExamples;
import org.bertology.core.export.ExportFormat;
import org.bertology.core.export.ExportReport;
import org.bertology.core.export.ModelExport;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of the tiny reference models, loaded by themselves, against Hugging Face's values. */
abstract class ExportContract {
  /** float32; PyTorch's own float32 run is within 2e-6 of the reference. */
  private static final double FLOAT32 = 2e-5;

  private final ExportFormat format;

  @TempDir Path directory;

  ExportContract(ExportFormat format) {
    this.format = format;
  }

  private Backend open() {
    return Backends.onClassPath().open(format.engine().backend(), BackendConfig.defaults());
  }

  private Path exported(Path directoryOfModel, Set<Part> parts) {
    Path target = directory.resolve("exported");
    try (Backend backend = open();
        Model model = Model.openWithoutTokenizer(directoryOfModel, backend)) {
      ExportReport report =
          ModelExport.of(model, Optional.empty(), format, parts)
              .save(
                  CheckExamples.of(model.config()),
                  RunSettings.defaults(),
                  FLOAT32,
                  target,
                  Existing.REFUSE);
      assertThat(report.holds()).as("%s", report).isTrue();
    }
    return target;
  }

  private Map<String, Tensor> run(Path file, Map<String, Tensor> inputs) {
    try (Backend backend = open();
        ExportedGraph graph = backend.exporter().orElseThrow().open(file)) {
      return graph.run(inputs);
    }
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  /** What a file of the model takes. */
  private static Map<String, Tensor> inputs(Golden golden) {
    try (Backend none = new ReferenceBackend();
        Model model = Model.openWithoutTokenizer(golden.directory(), none)) {
      ModelInputs batch = golden.modelInputs(model);
      Map<String, Tensor> inputs = new HashMap<>(batch.tensors());
      inputs.put(PlainModel.ATTENTION_MASK, batch.attentionMask());
      if (batch.targetLength() > 0) {
        inputs.put(PlainModel.DECODER_ATTENTION_MASK, batch.decoderAttentionMask());
      }
      inputs.keySet().retainAll(PlainModel.of(model.config(), model.task(), Set.of()).inputs());
      return inputs;
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void filesGiveLogitsHiddenStatesAndAttentions(String name) {
    Golden golden = Golden.load(name);

    Path file = exported(golden.directory(), EnumSet.of(Part.ATTENTIONS, Part.HIDDEN_STATES));

    Map<String, Tensor> outputs = run(file, inputs(golden));
    assertThat(outputs).containsKey("logits");
    assertThat(outputs.keySet())
        .anyMatch(output -> output.endsWith("hidden_states.0"))
        .anyMatch(output -> output.endsWith("attentions.0"));
    outputs.forEach((output, tensor) -> golden.assertEqual(tensor, nameInGolden(output), FLOAT32));
  }

  /** Such as {@code cross.attentions.0} of {@code cross_attentions.0}. */
  private static String nameInGolden(String output) {
    return output.replaceFirst("^(encoder|decoder|cross)_", "$1.");
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#names")
  void aHeadMaskTakesHeadsAway(String name) {
    Golden golden = Golden.load(name);
    Tensor mask = headMask(golden);

    Path file = exported(golden.directory(), Set.of(Part.HEAD_MASK));

    Map<String, Tensor> inputs = inputs(golden);
    inputs.put(PlainModel.HEAD_MASK, mask);
    Map<String, Tensor> outputs = run(file, inputs);
    golden.assertEqual(tensor(outputs, "logits"), "masked.logits", FLOAT32);
  }

  private static Tensor headMask(Golden golden) {
    TransformerConfig config = Checkpoint.open(golden.directory()).config().transformer();
    return ModelMask.ones(config)
        .with(Mask.HEADS, golden.mask(Mask.HEADS, config))
        .toTensor(Mask.HEADS);
  }

  @ParameterizedTest
  @MethodSource("org.bertology.integration.Golden#namesOfPruned")
  void prunedModelsGiveWhatTheMaskedOnesDo(String name) {
    Golden golden = Golden.load(name);

    Path file = exported(golden.directory().resolve("pruned"), Set.of());

    Map<String, Tensor> outputs = run(file, inputs(golden));
    golden.assertEqual(tensor(outputs, "logits"), "masked.logits", FLOAT32);
  }

  @Test
  void filesGiveTheSameInPython() throws Exception {
    Golden golden = Golden.load("bert-token-classification");
    Path file = exported(golden.directory(), EnumSet.of(Part.ATTENTIONS, Part.HIDDEN_STATES));
    JsonObject request = new JsonObject();
    request.addProperty("format", format.key());
    request.addProperty("file", file.toString());
    request.add("inputs", golden.inputs().get("inputs"));

    JsonObject answer =
        new PythonScript("exported.py", "the library of the format").answer(request, directory);

    JsonObject outputs = answer.getAsJsonObject("outputs");
    assertThat(outputs.keySet()).hasSize(1 + 4 + 3);
    for (String name : outputs.keySet()) {
      double[] actual =
          outputs.getAsJsonArray(name).asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
      Golden.assertEqual(actual, golden.expected().get(name).toDoubles(), name, FLOAT32);
    }
  }
}
