package org.bertology.api.model;

/**
 * What a layer is part of. An encoder-decoder model has its encoder's layers first, then the
 * decoder's, then one cross attention for each layer of the decoder.
 */
public enum Stack {
  /** The only stack of a model. */
  SINGLE(""),
  ENCODER("encoder."),
  /** Its layers hold self attention and a feed-forward network. */
  DECODER("decoder."),
  /** Attention of a decoder's layer to the encoder's states; it has no neurons of its own. */
  CROSS("cross.");

  private final String prefix;

  Stack(String prefix) {
    this.prefix = prefix;
  }

  /** Whether its layers see the tokens of a target text, and not those of the only text. */
  public boolean isOfTarget() {
    return this == DECODER || this == CROSS;
  }

  /** What the names of its layers begin with. */
  public String prefix() {
    return prefix;
  }
}
