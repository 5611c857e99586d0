package org.bertology.api.model;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A family of transformers: how its models are put together, with the parameter names of Hugging
 * Face's checkpoints. An implementation is a record of the settings that only this family has.
 */
public interface Family {
  /** What people call it, such as {@code BERT}. */
  String title();

  /** The tasks that its models have a head for. */
  Set<Task> tasks();

  /** The position of a sequence's first token. */
  default int firstPosition() {
    return 0;
  }

  /** The position of padding, if it is the same for all; otherwise padding counts on. */
  default OptionalInt positionOfPadding() {
    return OptionalInt.empty();
  }

  /** The hook of the states that a stack ends with, {@code [B, T, W]}. */
  default String lastState(TransformerConfig config, Stack stack) {
    return config.layerName(config.first(stack) + config.count(stack) - 1);
  }

  /** The number of the parameters that a layer uses, its own unless layers share theirs. */
  default int parameterSet(int layer) {
    return layer;
  }

  /** The same where no layers share their parameters. */
  default Family unshared() {
    return this;
  }

  /**
   * The same after layers were taken away.
   *
   * @param layers the numbers of those that are left, ascending
   */
  default Family keeping(List<Integer> layers) {
    return this;
  }

  /** The token that a decoder begins with. */
  default int startId() {
    return 0;
  }

  /** The same once heads or layers of a model may differ. */
  default Family cut() {
    return this;
  }

  /**
   * Appends a whole model: all values named in {@link Hooks}.
   *
   * @throws IllegalArgumentException if the model cannot have the task
   */
  void append(ModelBuilder model, Task task);

  /** Adds inputs that only this family has. */
  default void addInputs(TransformerConfig config, ModelInputs inputs) {}
}
