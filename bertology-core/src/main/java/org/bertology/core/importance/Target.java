package org.bertology.core.importance;

import java.util.Locale;
import org.bertology.api.model.Mask;
import org.bertology.api.model.TransformerConfig;

/** What is scored. */
public enum Target {
  HEADS(Mask.HEADS, "head"),
  NEURONS(Mask.NEURONS, "neuron"),
  LAYERS(Mask.LAYERS, "layer");

  private final Mask mask;
  private final String unit;

  Target(Mask mask, String unit) {
    this.mask = mask;
    this.unit = unit;
  }

  /** The mask whose derivative is the score. */
  public Mask mask() {
    return mask;
  }

  /** What one of them is called: head, neuron, layer. */
  public String unit() {
    return unit;
  }

  /** The name in commands and results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many there are in each layer. */
  public int[] widths(TransformerConfig config) {
    return config.layers().stream().mapToInt(mask::width).toArray();
  }
}
