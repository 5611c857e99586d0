package org.bertology.core.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The activation function of the feed-forward layers, as {@code hidden_act} names it. */
public enum Activation {
  /** x·Φ(x) with the Gaussian distribution function, by erf. */
  GELU("gelu"),
  /** The approximation of GELU by tanh. */
  GELU_TANH("gelu_new", "gelu_pytorch_tanh"),
  RELU("relu");

  private final List<String> names;

  Activation(String... names) {
    this.names = List.of(names);
  }

  static Optional<Activation> named(String name) {
    return Arrays.stream(values()).filter(value -> value.names.contains(name)).findFirst();
  }

  static String allNames() {
    return Arrays.stream(values())
        .flatMap(value -> value.names.stream())
        .collect(Collectors.joining(", "));
  }
}
