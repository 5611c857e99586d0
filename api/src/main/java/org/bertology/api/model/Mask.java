package org.bertology.api.model;

/** The kinds of masks that a model can be built with; each is an input that differs by example. */
public enum Mask {
  /** Multiplies each head's context: {@code head_mask.{i}} {@code [batch, heads]}. */
  HEADS,
  /** Multiplies each feed-forward activation: {@code neuron_mask.{i}} {@code [batch, neurons]}. */
  NEURONS,
  /** m in x + m·(layer(x) − x): {@code layer_mask.{i}} {@code [batch]}. */
  LAYERS;

  /** The name of this mask's input for a layer, counted from 0. */
  public String input(int layer) {
    return switch (this) {
      case HEADS -> "head_mask." + layer;
      case NEURONS -> "neuron_mask." + layer;
      case LAYERS -> "layer_mask." + layer;
    };
  }

  /**
   * How many numbers this mask has for a layer: its heads, its neurons, or 1; cross attention goes
   * with its layer.
   */
  public int width(LayerGeometry layer) {
    return switch (this) {
      case HEADS -> layer.heads();
      case NEURONS -> layer.intermediateSize();
      case LAYERS -> layer.stack() == Stack.CROSS ? 0 : 1;
    };
  }
}
