package org.bertology.core.family;

import com.google.gson.JsonObject;
import java.util.Map;
import org.bertology.api.model.Activation;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.Stack;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** How Hugging Face's files describe the models of a family: configuration and parameter names. */
public interface FamilyFormat {
  /** What {@code model_type} says, such as {@code bert}. */
  String modelType();

  /** The keys of the configuration. */
  ConfigKeys keys();

  /**
   * The settings that only this family has.
   *
   * @param config the file {@code config.json}
   * @throws org.bertology.core.ContentException if a value is wrong or not supported
   */
  Family family(JsonFields config);

  /** Puts into a configuration what pruning changed of the settings that only this family has. */
  default void addSettings(Family family, JsonObject config) {}

  /**
   * The task of each class that saves such models; {@link Task#SEQUENCE_CLASSIFICATION} also where
   * it may turn out to be regression.
   */
  Map<String, Task> architectures();

  /** The spellings of parameter names. */
  ParameterNames names();

  /** The keys of the configuration that count the layers of each stack. */
  default Map<Stack, String> layerKeys() {
    return Map.of(Stack.SINGLE, keys().layers());
  }

  /** What {@link #family} reads under our own key {@code bertology}. */
  default Map<String, String> settings(Family family) {
    return Map.of();
  }

  /** How many layers each stack has, in the order of {@link Stack}. */
  default Map<Stack, Integer> stacks(JsonFields config) {
    return Map.of(Stack.SINGLE, config.integer(keys().layers(), 1, ConfigKeys.MAXIMUM_LAYERS));
  }

  /** What is added to variances. */
  default double epsilon(JsonFields config) {
    return config.positive(keys().epsilon(), keys().usualEpsilon());
  }

  /** The names of nonlinearities. */
  default Map<String, Activation> activations() {
    return Map.of(
        "gelu", Activation.GELU,
        "gelu_python", Activation.GELU,
        "gelu_new", Activation.GELU_TANH,
        "gelu_fast", Activation.GELU_TANH,
        "gelu_pytorch_tanh", Activation.GELU_TANH,
        "relu", Activation.RELU,
        "silu", Activation.SILU,
        "swish", Activation.SILU,
        "tanh", Activation.TANH);
  }

  /** Which tokens are seen, unless the user or our own key in the file says otherwise. */
  default AttentionPattern attention() {
    return AttentionPattern.FULL;
  }

  /** Rows of the table of token types; 0 if there is none. */
  default int tokenTypes(JsonFields config) {
    return config.integer("type_vocab_size", 1, Integer.MAX_VALUE, 2);
  }

  /** The longest sequence. */
  default int maxPositions(JsonFields config) {
    return config.integer(keys().positions(), 1, Integer.MAX_VALUE);
  }
}
