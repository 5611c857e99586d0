package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every value of the tiny reference models, computed by the backend under test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenContract {
  private static final String SEQUENCE = "bert-sequence-classification";
  private static final String REGRESSION = "bert-regression";
  private static final String TOKENS = "bert-token-classification";
  private static final String WORDS = "bert-masked-lm";

  private final Backend backend;
  private final double tolerance;

  GoldenContract(Backend backend, double tolerance) {
    this.backend = backend;
    this.tolerance = tolerance;
  }

  @AfterAll
  void closeBackend() {
    backend.close();
  }

  private static List<String> perLayer(Model model, IntFunction<String> name) {
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < model.config().layers().size(); layer++) {
      names.add(name.apply(layer));
    }
    return names;
  }

  private static Map<String, Tensor> run(
      Model model, Graph graph, List<String> outputs, ModelInputs inputs) {
    try (CompiledGraph compiled = model.compile(graph, outputs)) {
      Map<String, Tensor> needed = new HashMap<>(inputs.tensors());
      needed.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(needed);
    }
  }

  private static Tensor get(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void hooksEqualTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      List<String> outputs = new ArrayList<>(List.of(Hooks.EMBEDDINGS, Hooks.LOGITS, Hooks.LOSS));
      outputs.addAll(perLayer(model, Hooks::layer));
      outputs.addAll(perLayer(model, i -> Hooks.probabilities(model.config().layerName(i))));
      outputs.addAll(perLayer(model, i -> Hooks.context(model.config().layerName(i))));

      Map<String, Tensor> results =
          run(
              model,
              model.graph(Set.of()),
              outputs,
              golden.modelInputs(model.task(), model.config()));

      golden.assertEqual(get(results, Hooks.EMBEDDINGS), "hidden_states.0", tolerance);
      golden.assertEqual(get(results, Hooks.LOGITS), "logits", tolerance);
      golden.assertEqual(get(results, Hooks.LOSS), "loss_per_example", tolerance);
      for (int i = 0; i < model.config().layers().size(); i++) {
        golden.assertEqual(get(results, Hooks.layer(i)), "hidden_states." + (i + 1), tolerance);
        golden.assertEqual(
            get(results, Hooks.probabilities(Hooks.layer(i))), "attentions." + i, tolerance);
        golden.assertEqual(get(results, Hooks.context(Hooks.layer(i))), "context." + i, tolerance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void gradientsOfHooksAndMasksEqualTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      List<String> targets =
          new ArrayList<>(perLayer(model, i -> Hooks.context(model.config().layerName(i))));
      targets.addAll(perLayer(model, Mask.HEADS::input));
      targets.addAll(perLayer(model, Mask.NEURONS::input));
      targets.addAll(perLayer(model, i -> Hooks.gate(Mask.HEADS, Hooks.layer(i))));
      Graph graph =
          Gradients.differentiate(
              model.graph(Set.of(Mask.HEADS, Mask.NEURONS)), Hooks.LOSS, targets);
      ModelInputs inputs =
          golden
              .modelInputs(model.task(), model.config())
              .ones(Mask.HEADS, model.config())
              .ones(Mask.NEURONS, model.config());

      Map<String, Tensor> results =
          run(model, graph, targets.stream().map(Gradients::nameOf).toList(), inputs);

      for (int i = 0; i < model.config().layers().size(); i++) {
        golden.assertEqual(
            get(results, Gradients.nameOf(Hooks.context(Hooks.layer(i)))),
            "context_gradient." + i,
            tolerance);
        Tensor gate = get(results, Gradients.nameOf(Hooks.gate(Mask.HEADS, Hooks.layer(i))));
        golden.assertEqual(
            gate.reshaped(Arrays.copyOf(gate.shape(), 3)), "token_score." + i, tolerance);
        golden.assertEqual(
            get(results, Gradients.nameOf(Mask.NEURONS.input(i))),
            "neuron_mask_gradient_per_example." + i,
            tolerance);
      }
      Golden.assertEqual(
          byExample(results, model),
          golden.expected().get("head_mask_gradient_per_example").toDoubles(),
          "head_mask_gradient_per_example",
          tolerance);
    }
  }

  /**
   * The head mask's gradient of every layer {@code [batch, heads]} as {@code [batch, layers,
   * heads]}.
   */
  private static double[] byExample(Map<String, Tensor> results, Model model) {
    int layers = model.config().layers().size();
    int heads = model.config().maxHeads();
    double[][] byLayer =
        perLayer(model, Mask.HEADS::input).stream()
            .map(input -> get(results, Gradients.nameOf(input)).toDoubles())
            .toArray(double[][]::new);
    double[] all = new double[layers * byLayer[0].length];
    for (int i = 0; i < all.length; i++) {
      int example = i / (layers * heads);
      all[i] = byLayer[i / heads % layers][example * heads + i % heads];
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void headMasksEqualTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      List<String> masks = perLayer(model, Mask.HEADS::input);
      Graph graph = Gradients.differentiate(model.graph(Set.of(Mask.HEADS)), Hooks.LOSS, masks);
      ModelInputs inputs = golden.modelInputs(model.task(), model.config());
      for (int i = 0; i < masks.size(); i++) {
        inputs.mask(Mask.HEADS, i, golden.maskRow("masked.head_mask", i));
      }
      List<String> outputs = new ArrayList<>(List.of(Hooks.LOGITS, Hooks.LOSS));
      masks.forEach(mask -> outputs.add(Gradients.nameOf(mask)));

      Map<String, Tensor> results = run(model, graph, outputs, inputs);

      golden.assertEqual(get(results, Hooks.LOGITS), "masked.logits", tolerance);
      golden.assertEqual(get(results, Hooks.LOSS), "masked.loss_per_example", tolerance);
      double[] summed = new double[masks.size() * model.config().maxHeads()];
      double[] perExample = byExample(results, model);
      for (int i = 0; i < perExample.length; i++) {
        summed[i % summed.length] += perExample[i];
      }
      Golden.assertEqual(
          summed,
          golden.expected().get("masked.head_mask_gradient").toDoubles(),
          "masked.head_mask_gradient",
          tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void neuronMasksEqualTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      ModelInputs inputs = golden.modelInputs(model.task(), model.config());
      for (int i = 0; i < model.config().layers().size(); i++) {
        inputs.mask(Mask.NEURONS, i, golden.maskRow("neuron_masked.neuron_mask." + i, 0));
      }

      Map<String, Tensor> results =
          run(model, model.graph(Set.of(Mask.NEURONS)), List.of(Hooks.LOGITS), inputs);

      golden.assertEqual(get(results, Hooks.LOGITS), "neuron_masked.logits", tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void normsOfParameterGradientsEqualTheReference(String name) {
    Golden golden = Golden.load(name);
    try (Model model = Model.openWithoutTokenizer(golden.directory(), backend)) {
      List<String> names = golden.parameterNames();
      Graph graph = Gradients.differentiate(model.graph(Set.of()), Hooks.LOSS, names);

      Map<String, Tensor> results =
          run(
              model,
              graph,
              names.stream().map(Gradients::nameOf).toList(),
              golden.modelInputs(model.task(), model.config()));

      double[] norms =
          names.stream()
              .map(parameter -> get(results, Gradients.nameOf(parameter)).toDoubles())
              .mapToDouble(g -> Math.sqrt(Arrays.stream(g).map(x -> x * x).sum()))
              .toArray();
      Golden.assertEqual(
          norms,
          golden.expected().get("parameter_gradient_norm").toDoubles(),
          "parameter_gradient_norm",
          tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, REGRESSION, TOKENS, WORDS})
  void prunedCheckpointsEqualTheMaskedModel(String name) {
    Golden golden = Golden.load(name);
    Path pruned = golden.directory().resolve("pruned");
    assumeTrue(Files.isDirectory(pruned), name + " masks all heads of a layer: no pruned twin");
    try (Model model = Model.openWithoutTokenizer(pruned, backend)) {
      ModelInputs inputs = golden.modelInputs(model.task(), model.config());

      Map<String, Tensor> results =
          run(model, model.graph(Set.of()), List.of(Hooks.LOGITS), inputs);

      golden.assertEqual(get(results, Hooks.LOGITS), "masked.logits", tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SEQUENCE, WORDS})
  void tensorFlowCheckpointsGiveTheSameLogits(String name) {
    Golden golden = Golden.load(name);
    Path checkpoint = golden.directory().resolve("tensorflow-checkpoint");
    try (Model model = Model.openWithoutTokenizer(checkpoint, backend)) {
      ModelInputs inputs = golden.modelInputs(model.task(), model.config());

      Map<String, Tensor> results =
          run(model, model.graph(Set.of()), List.of(Hooks.LOGITS), inputs);

      golden.assertEqual(get(results, Hooks.LOGITS), "logits", tolerance);
    }
  }
}
