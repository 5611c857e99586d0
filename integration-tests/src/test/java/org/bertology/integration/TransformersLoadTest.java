package org.bertology.integration;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Cut;
import org.bertology.core.run.EncodedExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that were cut and saved here, loaded by Hugging Face transformers 4; see {@link
 * PythonScript}.
 */
class TransformersLoadTest {
  /** Of the largest logit; both sides compute in float32. */
  private static final double FLOAT32 = 1e-4;

  private static final Path EXAMPLE = Path.of("..", "examples", "minilm-sentiment");
  private static final List<EncodedExample> EXAMPLES = examples(3, 9, 24, 60);

  @TempDir Path directory;

  @Test
  void aModelWithAHeadInEveryLayerIsLoadedAndGivesTheSameLogits() throws Exception {
    Checkpoint whole = Checkpoint.open(EXAMPLE);
    ModelMask ones = ModelMask.ones(whole.config().transformer());
    ModelMask heads =
        ones.without(List.of(Unit.head(0, 3), Unit.head(0, 11), Unit.head(5, 0)))
            .without(ones.units(Mask.HEADS).subList(12, 23));
    ModelMask narrower = ones;
    for (int layer = 0; layer < whole.config().layers().size(); layer++) {
      narrower = narrower.without(List.of(Unit.neuron(layer, layer), Unit.neuron(layer, 1000)));
    }
    Map<String, Path> saved = new HashMap<>();
    saved.put("heads", save("heads", whole, heads, Optional.empty()));
    saved.put("halves", save("halves", whole, heads, Optional.of(StoredType.F16)));
    saved.put("bfloats", save("bfloats", whole, heads, Optional.of(StoredType.BF16)));
    saved.put("neurons", save("neurons", whole, narrower, Optional.empty()));
    saved.put(
        "layers", save("layers", whole, ones.without(List.of(Unit.layer(2))), Optional.empty()));
    saved.put("all", save("all", whole, heads.times(narrower), Optional.empty()));

    assertLogits(List.copyOf(saved.values()));
  }

  private void assertLogits(List<Path> models) throws Exception {
    JsonArray theirs = transformers(models);
    try (Backend backend = Backends.onClassPath().open("onnx", BackendConfig.defaults())) {
      for (int i = 0; i < models.size(); i++) {
        try (Model model = Model.openWithoutTokenizer(models.get(i), backend)) {
          for (int example = 0; example < EXAMPLES.size(); example++) {
            Golden.assertEqual(
                logits(model, EXAMPLES.get(example)),
                numbers(theirs.get(i).getAsJsonArray().get(example)),
                models.get(i).getFileName() + ", example " + example,
                FLOAT32);
          }
        }
      }
    }
  }

  private Path save(String name, Checkpoint whole, ModelMask mask, Optional<StoredType> type) {
    Path target = directory.resolve(name);
    try (StagedModel staged =
        StagedModel.write(Cut.of(whole, mask), type, target, Existing.REFUSE)) {
      staged.publish();
    }
    return target;
  }

  private static double[] logits(Model model, EncodedExample example) {
    try (CompiledGraph compiled = model.compile(model.graph(Set.of()), List.of(Hooks.LOGITS))) {
      Map<String, Tensor> inputs = new HashMap<>(model.inputs(List.of(example)).tensors());
      inputs.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(inputs).get(Hooks.LOGITS).toDoubles();
    }
  }

  private static List<EncodedExample> examples(int... lengths) {
    List<EncodedExample> examples = new ArrayList<>();
    for (int length : lengths) {
      int[] ids = new int[length];
      Arrays.setAll(ids, i -> i == 0 ? 101 : i == length - 1 ? 102 : 1000 + 37 * i * length % 9000);
      examples.add(new EncodedExample(examples.size(), ids, new int[length], Optional.empty()));
    }
    return examples;
  }

  /** {@code [model][example][logit]}; the test is skipped where Python or the library is absent. */
  private JsonArray transformers(List<Path> models) throws Exception {
    return new PythonScript("logits.py", "transformers 4")
        .answer(request(models), directory)
        .getAsJsonArray("logits");
  }

  private static JsonObject request(List<Path> models) {
    JsonArray directories = new JsonArray();
    models.forEach(model -> directories.add(model.toString()));
    JsonArray inputs = new JsonArray();
    for (EncodedExample example : EXAMPLES) {
      JsonObject input = new JsonObject();
      input.add("input_ids", new Gson().toJsonTree(example.ids()));
      input.add("token_type_ids", new Gson().toJsonTree(example.types()));
      inputs.add(input);
    }
    JsonObject request = new JsonObject();
    request.add("models", directories);
    request.add("inputs", inputs);
    return request;
  }

  private static double[] numbers(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }
}
