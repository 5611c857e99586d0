package org.bertology.api.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.graph.Graph;
import org.bertology.api.tensor.Tensor;

/**
 * A model as others know it: it takes what a tokenizer gives and answers under the names that
 * Hugging Face transformers uses, so that it can be run without this library. B batch, T sequence,
 * H heads, W hidden width.
 *
 * <table>
 * <caption>Inputs</caption>
 * <tr><td>{@code input_ids}<td>INT {@code [B, T]}
 * <tr><td>{@code attention_mask}<td>INT {@code [B, T]}, 1 at tokens, 0 at padding
 * <tr><td>{@code token_type_ids}<td>INT {@code [B, T]}, if the family has token types
 * <tr><td>{@code decoder_input_ids}, {@code decoder_attention_mask}<td>INT {@code [B, U]}, of an
 *     encoder-decoder model; the first token is the start token
 * <tr><td>{@code head_mask}<td>FLOAT {@code [layers, heads of the widest layer]}, 1 keeps a head, 0
 *     takes it away; what is beyond a layer's own heads has no effect
 * </table>
 *
 * <table>
 * <caption>Outputs</caption>
 * <tr><td>{@code logits}<td>{@code [B, labels]}, {@code [B, T, labels]} or {@code [B, T]}, see {@link
 *     Hooks#LOGITS}
 * <tr><td>{@code sentence_embedding}<td>{@code [B, W]}, of sentence embedding, for one text in a row
 * <tr><td>{@code last_hidden_state}<td>{@code [B, T, W]}, of an encoder, as is
 * <tr><td>{@code pooler_output}<td>{@code [B, W]}
 * <tr><td>{@code hidden_states.0}, {@code .1} and so on<td>{@code [B, T, W]}: after the embeddings,
 *     after the first layer and so on; the last one after the norm that follows it, if there is one
 * <tr><td>{@code attentions.0}, {@code .1} and so on<td>{@code [B, H, T (query), T (key)]}: the
 *     probabilities of the first layer and so on; a layer without heads has none
 * </table>
 *
 * @param graph with each input and output as a name
 * @param constants parameters of the graph that no checkpoint holds, by name
 * @param inputs their names, in the order in which a file takes them
 * @param outputs their names in that order, each with the {@linkplain Hooks hook} that has the same
 *     values in {@link ModelDefinition#graph}
 */
public record PlainModel(
    Graph graph, Map<String, Tensor> constants, List<String> inputs, Map<String, String> outputs) {
  public static final String ATTENTION_MASK = "attention_mask";
  public static final String DECODER_ATTENTION_MASK = "decoder_attention_mask";
  public static final String HEAD_MASK = "head_mask";

  /** What a model has beside the inputs and outputs that its task needs. */
  public enum Part {
    /** {@code pooler_output} of an encoder. */
    POOLER,
    /** {@code attentions.{i}}. */
    ATTENTIONS,
    /** {@code hidden_states.{i}}. */
    HIDDEN_STATES,
    /** The input {@code head_mask}. */
    HEAD_MASK
  }

  public PlainModel {
    constants = Map.copyOf(constants);
    inputs = List.copyOf(inputs);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /**
   * A model in this form.
   *
   * @throws IllegalArgumentException if a head mask is asked for and no layer has a head, or a
   *     pooler's output and the task is not {@link Task#ENCODER}
   */
  public static PlainModel of(TransformerConfig config, Task task, Set<Part> parts) {
    if (parts.contains(Part.HEAD_MASK) && config.totalHeads() == 0) {
      throw new IllegalArgumentException("a model without heads has no head mask");
    }
    if (parts.contains(Part.POOLER) && task != Task.ENCODER) {
      throw new IllegalArgumentException(
          "the output of the pooler is that of an encoder, this is a model for " + task);
    }
    boolean masked = parts.contains(Part.HEAD_MASK);
    ModelDefinition model =
        ModelDefinition.plain(config, task, masked ? Set.of(Mask.HEADS) : Set.of());
    Graph graph = model.graph();
    Map<String, String> outputs = outputs(config, task, parts);
    List<String> inputs = new ArrayList<>(List.of(ModelInputs.INPUT_IDS, ATTENTION_MASK));
    if (config.tokenTypes() > 0) {
      inputs.add(ModelInputs.TOKEN_TYPE_IDS);
    }
    if (config.count(Stack.DECODER) > 0) {
      inputs.addAll(List.of(ModelInputs.DECODER_INPUT_IDS, DECODER_ATTENTION_MASK));
    }
    if (masked) {
      inputs.add(HEAD_MASK);
    }
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      graph = graph.with(output.getKey(), graph.value(output.getValue()));
    }
    return new PlainModel(graph, model.constants(), inputs, outputs);
  }

  private static Map<String, String> outputs(TransformerConfig config, Task task, Set<Part> parts) {
    Map<String, String> outputs = new LinkedHashMap<>();
    if (task == Task.ENCODER) {
      outputs.put("last_hidden_state", config.family().lastState(config, Stack.SINGLE));
    } else if (task == Task.SENTENCE_EMBEDDING) {
      outputs.put("sentence_embedding", Hooks.SENTENCE);
    } else {
      outputs.put("logits", Hooks.LOGITS);
    }
    if (parts.contains(Part.POOLER)) {
      outputs.put("pooler_output", Hooks.POOLED);
    }
    for (Stack stack : Stack.values()) {
      if (parts.contains(Part.HIDDEN_STATES)) {
        outputs.putAll(states(config, stack));
      }
      if (parts.contains(Part.ATTENTIONS)) {
        outputs.putAll(attentions(config, stack));
      }
    }
    return outputs;
  }

  private static Map<String, String> states(TransformerConfig config, Stack stack) {
    Map<String, String> states = new LinkedHashMap<>();
    int layers = stack == Stack.CROSS ? 0 : config.count(stack);
    for (int i = 0; layers > 0 && i <= layers; i++) {
      states.put(output(stack, "hidden_states", i), state(config, stack, i));
    }
    return states;
  }

  private static Map<String, String> attentions(TransformerConfig config, Stack stack) {
    Map<String, String> attentions = new LinkedHashMap<>();
    for (int i = 0; i < config.count(stack); i++) {
      int layer = config.first(stack) + i;
      if (config.layers().get(layer).heads() > 0) {
        attentions.put(
            output(stack, "attentions", i), Hooks.probabilities(config.layerName(layer)));
      }
    }
    return attentions;
  }

  /** Such as {@code attentions.0} or {@code cross_attentions.0}. */
  private static String output(Stack stack, String what, int number) {
    return stack.prefix().replace('.', '_') + what + "." + number;
  }

  /** The hook of the states after some layers of a stack. */
  private static String state(TransformerConfig config, Stack stack, int layers) {
    if (layers == config.count(stack)) {
      return config.family().lastState(config, stack);
    }
    return layers == 0
        ? Hooks.embeddings(stack)
        : config.layerName(config.first(stack) + layers - 1);
  }
}
