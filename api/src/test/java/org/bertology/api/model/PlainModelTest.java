package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainModelTest {
  private static final int[] LENGTHS = {3, 7, 1};

  private final ModelInputs batch =
      new ModelInputs(TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

  private static TransformerConfig config(Task task) {
    return TinyModels.uneven(task);
  }

  @ParameterizedTest
  @MethodSource("org.bertology.api.contract.TinyModels#tasks")
  void outputsEqualTheirHooks(Task task) {
    Set<Part> parts = EnumSet.of(Part.ATTENTIONS, Part.HIDDEN_STATES);
    if (task == Task.ENCODER) {
      parts.add(Part.POOLER);
    }
    PlainModel plain = PlainModel.of(config(task), task, parts);
    Graph prepared = ModelDefinition.of(config(task), task, Set.of()).graph();

    ModelInputs inputs =
        ModelInputs.of(config(task), TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

    assertSame(plain, prepared, inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask()));
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void poolingIsComputedInTheGraph(Pooling pooling) {
    TransformerConfig config = TinyModels.uneven(3).withPooling(pooling);
    PlainModel plain = PlainModel.of(config, Task.SENTENCE_EMBEDDING, Set.of());
    Graph prepared = ModelDefinition.of(config, Task.SENTENCE_EMBEDDING, Set.of()).graph();

    ModelInputs inputs =
        ModelInputs.of(config, TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

    assertThat(plain.outputs()).containsOnlyKeys("sentence_embedding");
    assertSame(plain, prepared, inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"left-to-right", "prefix:0", "prefix:2", "prefix:9", "sequence-to-sequence"})
  void patternsOfAttentionAreComputedInTheGraph(String pattern) {
    TransformerConfig config =
        config(Task.MASKED_LM).withAttention(AttentionPattern.parse(pattern));
    PlainModel plain = PlainModel.of(config, Task.MASKED_LM, EnumSet.of(Part.ATTENTIONS));
    Graph prepared = ModelDefinition.of(config, Task.MASKED_LM, Set.of()).graph();

    ModelInputs inputs =
        ModelInputs.of(config, TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

    assertSame(plain, prepared, inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask()));
  }

  static List<Family> familiesWithPositionsOfTheirOwn() {
    return List.of(new Roberta(1), new Nezha(2));
  }

  @ParameterizedTest
  @MethodSource("familiesWithPositionsOfTheirOwn")
  void positionsAreComputedInTheGraph(Family family) {
    TransformerConfig config = config(Task.MASKED_LM).withFamily(family);
    PlainModel plain = PlainModel.of(config, Task.MASKED_LM, EnumSet.of(Part.HIDDEN_STATES));
    Graph prepared = ModelDefinition.of(config, Task.MASKED_LM, Set.of()).graph();

    ModelInputs inputs =
        ModelInputs.of(config, TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

    assertSame(plain, prepared, inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask()));
  }

  @Test
  void theLastTokenIsFoundInTheGraph() {
    TransformerConfig config =
        config(Task.SEQUENCE_CLASSIFICATION)
            .withFamily(new Gpt2(true, false))
            .withAttention(AttentionPattern.LEFT_TO_RIGHT);
    PlainModel plain = PlainModel.of(config, Task.SEQUENCE_CLASSIFICATION, Set.of());
    Graph prepared = ModelDefinition.of(config, Task.SEQUENCE_CLASSIFICATION, Set.of()).graph();

    ModelInputs inputs =
        ModelInputs.of(config, TinyModels.ids(LENGTHS), TinyModels.types(LENGTHS), 0);

    assertSame(plain, prepared, inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask()));
  }

  @Test
  void aHeadMaskMultipliesWhatTheMaskOfEachLayerDoes() {
    Task task = Task.SEQUENCE_CLASSIFICATION;
    PlainModel plain = PlainModel.of(config(task), task, Set.of(Part.HEAD_MASK));
    Graph prepared = ModelDefinition.of(config(task), task, Set.of(Mask.HEADS)).graph();
    float[] factors = {1, 0, 0.5f, 9, 9, 9, 0.25f, 9, 9};
    batch
        .mask(Mask.HEADS, 0, new float[] {1, 0, 0.5f})
        .mask(Mask.HEADS, 2, new float[] {0.25f})
        .with(PlainModel.ATTENTION_MASK, batch.attentionMask())
        .with(PlainModel.HEAD_MASK, Tensor.of(factors, 3, 3));

    assertSame(plain, prepared, batch);
  }

  private static void assertSame(PlainModel plain, Graph prepared, ModelInputs inputs) {
    List<String> outputs = List.copyOf(plain.outputs().keySet());
    List<String> hooks = List.copyOf(plain.outputs().values());
    Weights weights =
        Weights.layered(plain.constants(), TinyModels.weights(plain.graph(), outputs));

    Map<String, Tensor> actual = run(plain.graph(), weights, outputs, inputs);

    Map<String, Tensor> expected = run(prepared, weights, hooks, inputs);
    for (int i = 0; i < outputs.size(); i++) {
      assertBitEqual(outputs.get(i), actual.get(outputs.get(i)), expected.get(hooks.get(i)));
    }
  }

  private static Map<String, Tensor> run(
      Graph graph, Weights weights, List<String> outputs, ModelInputs inputs) {
    try (Backend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, weights, outputs)) {
      Map<String, Tensor> needed = new HashMap<>(inputs.tensors());
      needed.keySet().retainAll(compiled.inputs().keySet());
      return compiled.run(needed);
    }
  }

  @Test
  void inputsAndOutputsHaveTheNamesOfHuggingFace() {
    PlainModel encoder =
        PlainModel.of(config(Task.ENCODER), Task.ENCODER, EnumSet.allOf(Part.class));

    assertThat(encoder.inputs())
        .containsExactly("input_ids", "attention_mask", "token_type_ids", "head_mask");
    assertThat(encoder.outputs())
        .containsEntry("last_hidden_state", "layer.2")
        .containsEntry("pooler_output", "pooled")
        .containsEntry("hidden_states.0", "embeddings")
        .containsEntry("hidden_states.3", "layer.2")
        .containsEntry("attentions.2", "layer.2.attention.probabilities")
        .doesNotContainKey("attentions.1");
  }

  @Test
  void whatHasNoHeadsHasNoHeadMask() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PlainModel.of(
                    TinyModels.headless(3), Task.SEQUENCE_CLASSIFICATION, Set.of(Part.HEAD_MASK)))
        .withMessage("a model without heads has no head mask");
  }
}
