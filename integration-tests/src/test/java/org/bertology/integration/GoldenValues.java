package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;

/**
 * What a model computes of the values that a golden folder holds, under the names that they have
 * there. What belongs to layers is called by the layer's stack and its number in it, such as {@code
 * context.2} or {@code cross.context.0}.
 */
final class GoldenValues {
  private static final String MASKED = "masked.";
  private static final String NEURON_MASKED = "neuron_masked.";

  private final Golden golden;
  private final Model model;
  private final Map<String, Tensor> values = new TreeMap<>();

  private GoldenValues(Golden golden, Model model) {
    this.golden = golden;
    this.model = model;
  }

  /** All values, each by its name. */
  static Map<String, Tensor> of(Golden golden, Model model) {
    GoldenValues values = new GoldenValues(golden, model);
    values.addHooks();
    values.addGradients();
    values.addMasked();
    values.addNeuronMasked();
    values.addParameterGradients();
    return values.values;
  }

  /** The logits of a model, be it the golden one or made of it, for the golden's inputs. */
  static Tensor logits(Golden golden, Model model) {
    return new GoldenValues(golden, model).logits(Set.of(), golden.modelInputs(model));
  }

  /** The logits under a mask. */
  static Tensor logits(Golden golden, Model model, ModelMask mask) {
    ModelInputs inputs = mask.addTo(golden.modelInputs(model));
    return new GoldenValues(golden, model).logits(mask.kinds(), inputs);
  }

  private static Tensor get(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  private Map<String, Tensor> run(Graph graph, Collection<String> outputs, ModelInputs inputs) {
    Weights weights = Weights.layered(golden.constants(), model.weights());
    try (CompiledGraph compiled =
        model.backend().compile(Narrowing.of(graph, outputs), weights, outputs)) {
      Map<String, Tensor> needed = new HashMap<>(inputs.tensors());
      needed.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(needed);
    }
  }

  private Tensor logits(Set<Mask> masks, ModelInputs inputs) {
    return get(run(model.graph(masks), List.of(Hooks.LOGITS), inputs), Hooks.LOGITS);
  }

  private TransformerConfig config() {
    return model.config();
  }

  private List<Integer> layers() {
    return IntStream.range(0, config().layers().size()).boxed().toList();
  }

  private List<Integer> layersWithNeurons() {
    return layers().stream().filter(layer -> stack(layer) != Stack.CROSS).toList();
  }

  private Stack stack(int layer) {
    return config().layers().get(layer).stack();
  }

  private Set<Stack> stacks() {
    return layers().stream().map(this::stack).collect(Collectors.toSet());
  }

  /** A layer's number in its stack. */
  private int number(int layer) {
    return layer - config().first(stack(layer));
  }

  /** The name of a layer's value in the file. */
  private String stored(String what, int layer) {
    return stored(what, layer, number(layer));
  }

  private String stored(String what, int layer, int number) {
    return stack(layer).prefix() + what + "." + number;
  }

  /** Hooks of the model as it is, by the names in the file. */
  private void addHooks() {
    Map<String, String> hooks = new LinkedHashMap<>();
    for (Stack stack : stacks()) {
      if (stack != Stack.CROSS) {
        hooks.put(stack.prefix() + "hidden_states.0", Hooks.embeddings(stack));
      }
    }
    hooks.put("logits", Hooks.LOGITS);
    hooks.put("loss_per_example", Hooks.LOSS);
    for (int layer : layers()) {
      String name = config().layerName(layer);
      if (stack(layer) != Stack.CROSS) {
        hooks.put(stored("hidden_states", layer, number(layer) + 1), state(layer));
      }
      hooks.put(stored("attentions", layer), Hooks.probabilities(name));
      hooks.put(stored("context", layer), Hooks.context(name));
    }
    Map<String, Tensor> results =
        run(model.graph(Set.of()), hooks.values(), golden.modelInputs(model));
    hooks.forEach((name, hook) -> values.put(name, get(results, hook)));
  }

  /** The hook of a layer's output; of the last one after the norm that may follow it. */
  private String state(int layer) {
    boolean last = number(layer) == config().count(stack(layer)) - 1;
    String normed = Hooks.normed(stack(layer));
    boolean isNormed = last && model.graph(Set.of()).names().containsKey(normed);
    return isNormed ? normed : config().layerName(layer);
  }

  private void addGradients() {
    Map<String, String> targets = new LinkedHashMap<>();
    for (int layer : layers()) {
      String name = config().layerName(layer);
      targets.put(stored("context_gradient", layer), Hooks.context(name));
      targets.put(stored("token_score", layer), Hooks.gate(Mask.HEADS, name));
    }
    for (int layer : layersWithNeurons()) {
      targets.put(stored("neuron_mask_gradient_per_example", layer), Mask.NEURONS.input(layer));
    }
    Map<String, Tensor> results =
        gradients(
            Set.of(Mask.HEADS, Mask.NEURONS),
            targets.values(),
            golden.modelInputs(model).ones(Mask.HEADS, config()).ones(Mask.NEURONS, config()));
    targets.forEach((name, target) -> values.put(name, get(results, Gradients.nameOf(target))));
    values.replaceAll(
        (name, tensor) ->
            name.contains("token_score") && tensor.rank() == 4
                ? tensor.reshaped(Arrays.copyOf(tensor.shape(), 3))
                : tensor);
    for (Stack stack : stacks()) {
      values.put(stack.prefix() + "head_mask_gradient_per_example", headGradients(stack, results));
    }
  }

  /** The loss differentiated by head masks and more, and the loss and logits themselves. */
  private Map<String, Tensor> gradients(
      Set<Mask> masks, Collection<String> targets, ModelInputs inputs) {
    List<String> all = new ArrayList<>(targets);
    if (masks.contains(Mask.HEADS)) {
      layers().forEach(layer -> all.add(Mask.HEADS.input(layer)));
    }
    Graph graph = Gradients.differentiate(model.graph(masks), Hooks.LOSS, all);
    List<String> outputs = new ArrayList<>(List.of(Hooks.LOGITS, Hooks.LOSS));
    all.forEach(target -> outputs.add(Gradients.nameOf(target)));
    return run(graph, outputs, inputs);
  }

  /** Gradients of a stack's head masks {@code [batch, layers, heads]}. */
  private Tensor headGradients(Stack stack, Map<String, Tensor> results) {
    List<double[]> byLayer =
        layers().stream()
            .filter(layer -> stack(layer) == stack)
            .map(layer -> get(results, Gradients.nameOf(Mask.HEADS.input(layer))).toDoubles())
            .toList();
    int layers = byLayer.size();
    int heads = config().maxHeads();
    int batch = byLayer.get(0).length / heads;
    double[] all = new double[batch * layers * heads];
    for (int i = 0; i < all.length; i++) {
      int example = i / (layers * heads);
      all[i] = byLayer.get(i / heads % layers)[example * heads + i % heads];
    }
    return Tensor.of(all, batch, layers, heads);
  }

  private void addMasked() {
    ModelInputs inputs = golden.modelInputs(model);
    float[][] mask = golden.mask(Mask.HEADS, config());
    for (int layer : layers()) {
      inputs.mask(Mask.HEADS, layer, mask[layer]);
    }
    Map<String, Tensor> results = gradients(Set.of(Mask.HEADS), List.of(), inputs);
    values.put(MASKED + "logits", get(results, Hooks.LOGITS));
    values.put(MASKED + "loss_per_example", get(results, Hooks.LOSS));
    for (Stack stack : stacks()) {
      values.put(
          MASKED + stack.prefix() + "head_mask_gradient",
          summedOverExamples(headGradients(stack, results)));
    }
  }

  private static Tensor summedOverExamples(Tensor perExample) {
    double[] all = perExample.toDoubles();
    double[] sums = new double[all.length / (int) perExample.extent(0)];
    for (int i = 0; i < all.length; i++) {
      sums[i % sums.length] += all[i];
    }
    return Tensor.of(sums, perExample.extent(1), perExample.extent(2));
  }

  private void addNeuronMasked() {
    ModelInputs inputs = golden.modelInputs(model);
    float[][] mask = golden.mask(Mask.NEURONS, config());
    for (int layer : layersWithNeurons()) {
      inputs.mask(Mask.NEURONS, layer, mask[layer]);
    }
    values.put(NEURON_MASKED + "logits", logits(Set.of(Mask.NEURONS), inputs));
  }

  private void addParameterGradients() {
    List<String> names = golden.parameterNames();
    Map<String, Tensor> results = gradients(Set.of(), names, golden.modelInputs(model));
    double[] norms =
        names.stream()
            .map(name -> get(results, Gradients.nameOf(name)).toDoubles())
            .mapToDouble(gradient -> Math.sqrt(Arrays.stream(gradient).map(x -> x * x).sum()))
            .toArray();
    values.put("parameter_gradient_norm", Tensor.of(norms, norms.length));
  }
}
