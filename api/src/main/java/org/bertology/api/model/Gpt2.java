package org.bertology.api.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.graph.Value;

/**
 * GPT-2 (Radford et al., 2019): each layer's two parts are normalised before, and everything after
 * the last layer.
 *
 * @param scaled whether scores are divided by the root of the head size
 * @param scaledByLayer whether scores are also divided by the layer's number, counted from 1
 * @param numbers by layer: its number before layers were taken away, counted from 0; empty if that
 *     is the same or nothing depends on it
 */
public record Gpt2(boolean scaled, boolean scaledByLayer, List<Integer> numbers) implements Family {
  private static final Set<Task> TASKS =
      EnumSet.of(
          Task.CAUSAL_LM,
          Task.SEQUENCE_CLASSIFICATION,
          Task.REGRESSION,
          Task.TOKEN_CLASSIFICATION,
          Task.ENCODER);

  public Gpt2 {
    boolean unchanged = numbers.equals(IntStream.range(0, numbers.size()).boxed().toList());
    numbers = unchanged ? List.of() : List.copyOf(numbers);
  }

  /** A model that has all its layers. */
  public Gpt2(boolean scaled, boolean scaledByLayer) {
    this(scaled, scaledByLayer, List.of());
  }

  @Override
  public String title() {
    return "GPT-2";
  }

  @Override
  public Set<Task> tasks() {
    return TASKS;
  }

  @Override
  public String lastState(TransformerConfig config, Stack stack) {
    return Hooks.normed(Stack.SINGLE);
  }

  @Override
  public Family keeping(List<Integer> kept) {
    return scaledByLayer ? new Gpt2(scaled, true, kept.stream().map(this::number).toList()) : this;
  }

  private int number(int layer) {
    return numbers.isEmpty() ? layer : numbers.get(layer);
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    GptLayers layers = new GptLayers(model);
    Value embedded = layers.embedded("wte", "wpe");
    Value states = layers.decoder(embedded, (scope, i, x) -> layer(layers, scope, i, x));
    Scope norm = model.scope(Component.HEAD, GptLayers.PREFIX + "ln_f.");
    layers.head(task, norm.layerNorm(states).named(Hooks.normed(Stack.SINGLE)), "wte");
  }

  private Value layer(GptLayers layers, Scope s, int layer, Value x) {
    Value attended = layers.attention(s, layer, s.in("ln_1").layerNorm(x), scale(layers, layer));
    Value middle = x.add(attended);
    Value normed = s.of(Component.FEEDFORWARD).in("ln_2").layerNorm(middle);
    return middle.add(layers.feedforward(s, layer, normed));
  }

  private double scale(GptLayers layers, int layer) {
    double scale = scaled ? layers.scale(layer) : 1;
    return scaledByLayer ? scale / (number(layer) + 1) : scale;
  }
}
