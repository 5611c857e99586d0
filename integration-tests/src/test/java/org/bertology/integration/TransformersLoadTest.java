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
 * Models that were cut and saved here, loaded by Hugging Face transformers 4, and models that it
 * saved, loaded here; see {@link PythonScript}.
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

    assertLogits(List.copyOf(saved.values()), EXAMPLES);
  }

  @Test
  void modelsOfEveryFamilyAndTaskGiveTheSameLogitsAsTheyAreAndCut() throws Exception {
    List<Path> models = new ArrayList<>();
    for (Path whole : randomModels()) {
      Checkpoint checkpoint = Checkpoint.open(whole);
      Checkpoint own = checkpoint.unshared();
      models.add(whole);
      models.add(save(whole.getFileName() + "-cut", own, apart(own), Optional.empty()));
      if (checkpoint.config().transformer().sharesParameters()) {
        models.add(
            save(whole.getFileName() + "-alike", checkpoint, alike(checkpoint), Optional.empty()));
      }
    }

    assertLogits(
        models,
        List.of(
            new EncodedExample(0, new int[] {5, 17, 98, 40, 6}, new int[5], Optional.empty()),
            new EncodedExample(1, new int[] {44}, new int[1], Optional.empty())));
  }

  private List<Path> randomModels() throws Exception {
    JsonObject request = new JsonObject();
    request.addProperty("directory", directory.toString());
    return new PythonScript("random_models.py", "transformers 4")
        .answer(request, directory).getAsJsonArray("models").asList().stream()
            .map(name -> directory.resolve(name.getAsString()))
            .toList();
  }

  /** The same heads and neurons of all layers. */
  private static ModelMask alike(Checkpoint checkpoint) {
    ModelMask ones = ModelMask.ones(checkpoint.config().transformer());
    List<Unit> gone = new ArrayList<>();
    for (int layer = 0; layer < checkpoint.config().layers().size(); layer++) {
      gone.addAll(List.of(Unit.head(layer, 1), Unit.head(layer, 2), Unit.neuron(layer, 7)));
    }
    return ones.without(gone);
  }

  /** Other ones of each layer, but as many neurons, since the library knows one number of them. */
  private static ModelMask apart(Checkpoint checkpoint) {
    ModelMask ones = ModelMask.ones(checkpoint.config().transformer());
    List<Unit> gone = new ArrayList<>(List.of(Unit.head(1, 0), Unit.head(1, 3), Unit.head(3, 2)));
    for (int layer = 0; layer < checkpoint.config().layers().size(); layer++) {
      gone.add(Unit.neuron(layer, 3 * layer));
    }
    return ones.without(gone);
  }

  private void assertLogits(List<Path> models, List<EncodedExample> examples) throws Exception {
    JsonArray theirs = transformers(models, examples);
    try (Backend backend = Backends.onClassPath().open("onnx", BackendConfig.defaults())) {
      for (int i = 0; i < models.size(); i++) {
        try (Model model = Model.openWithoutTokenizer(models.get(i), backend)) {
          List<double[]> ours = logits(model, examples);
          for (int example = 0; example < examples.size(); example++) {
            Golden.assertEqual(
                ours.get(example),
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

  /** What the model gives for each example by itself. */
  private static List<double[]> logits(Model model, List<EncodedExample> examples) {
    String output = model.output();
    List<double[]> logits = new ArrayList<>();
    try (CompiledGraph compiled = model.compile(model.graph(Set.of()), List.of(output))) {
      for (EncodedExample example : examples) {
        Map<String, Tensor> inputs = new HashMap<>(model.inputs(List.of(example)).tensors());
        inputs.keySet().retainAll(compiled.inputs().keySet());
        logits.add(compiled.run(inputs).get(output).toDoubles());
      }
    }
    return logits;
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
  private JsonArray transformers(List<Path> models, List<EncodedExample> examples)
      throws Exception {
    return new PythonScript("logits.py", "transformers 4")
        .answer(request(models, examples), directory)
        .getAsJsonArray("logits");
  }

  private static JsonObject request(List<Path> models, List<EncodedExample> examples) {
    JsonArray directories = new JsonArray();
    models.forEach(model -> directories.add(model.toString()));
    JsonArray inputs = new JsonArray();
    for (EncodedExample example : examples) {
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
