package org.bertology.api.model;

import java.util.EnumSet;
import java.util.Set;
import org.bertology.api.graph.Value;

/** GPT (Radford et al., 2018): each layer is normalised after its two parts. */
public record Gpt() implements Family {
  private static final Set<Task> TASKS =
      EnumSet.of(Task.CAUSAL_LM, Task.SEQUENCE_CLASSIFICATION, Task.REGRESSION, Task.ENCODER);

  @Override
  public String title() {
    return "GPT";
  }

  @Override
  public Set<Task> tasks() {
    return TASKS;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    GptLayers layers = new GptLayers(model);
    Value embedded = layers.embedded("tokens_embed", "positions_embed");
    Value states = layers.decoder(embedded, (scope, i, x) -> layer(layers, scope, i, x));
    layers.head(task, states, "tokens_embed");
  }

  private static Value layer(GptLayers layers, Scope s, int layer, Value x) {
    Value attended = layers.attention(s, layer, x, layers.scale(layer));
    Value middle = s.in("ln_1").layerNorm(x.add(attended));
    Value fed = layers.feedforward(s, layer, middle);
    return s.of(Component.FEEDFORWARD).in("ln_2").layerNorm(middle.add(fed));
  }
}
