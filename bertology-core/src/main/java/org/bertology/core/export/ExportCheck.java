package org.bertology.core.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.PlainModel;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * A file's outputs against those of the model, on the same engine but from another graph: the model
 * as commands run it, with positions and masks made in Java. With a head mask, examples are run
 * with all heads kept, and again with some scaled and some taken away.
 */
final class ExportCheck {
  /** The factors of heads, over and over. */
  private static final float[] FACTORS = {1, 0.5f, 0};

  private final Model model;
  private final PlainModel plain;
  private final boolean masked;
  private final Map<String, OutputDifference> differences = new LinkedHashMap<>();

  private ExportCheck(Model model, PlainModel plain) {
    this.model = model;
    this.plain = plain;
    this.masked = plain.inputs().contains(PlainModel.HEAD_MASK);
    plain.outputs().keySet().forEach(name -> differences.put(name, OutputDifference.none(name)));
  }

  /** The differences of all outputs, in their order. */
  static List<OutputDifference> of(
      Model model,
      PlainModel plain,
      ExportedGraph file,
      List<EncodedExample> examples,
      RunSettings settings) {
    ExportCheck check = new ExportCheck(model, plain);
    Graph graph = model.graph(check.masked ? Set.of(Mask.HEADS) : Set.of());
    Set<String> hooks = Set.copyOf(plain.outputs().values());
    try (CompiledGraph compiled = model.compile(graph, hooks)) {
      ComparedGraph both = new ComparedGraph(compiled, file, plain);
      ModelMask whole = ModelMask.ones(model.config());
      check.run(both, whole, examples, settings);
      if (check.masked) {
        check.run(both, check.alternating(whole), examples, settings);
      }
    }
    return List.copyOf(check.differences.values());
  }

  private ModelMask alternating(ModelMask whole) {
    double[][] ones = whole.factors(Mask.HEADS);
    float[][] factors = new float[ones.length][];
    int unit = 0;
    for (int layer = 0; layer < factors.length; layer++) {
      factors[layer] = new float[ones[layer].length];
      for (int head = 0; head < factors[layer].length; head++) {
        factors[layer][head] = FACTORS[unit % FACTORS.length];
        unit++;
      }
    }
    return whole.with(Mask.HEADS, factors);
  }

  private void run(
      ComparedGraph both, ModelMask mask, List<EncodedExample> examples, RunSettings settings) {
    new BatchRun(both, batch -> inputs(batch, mask), settings)
        .run(examples, (batch, results) -> compare(results));
  }

  private ModelInputs inputs(List<EncodedExample> batch, ModelMask mask) {
    ModelInputs inputs = model.inputs(batch);
    inputs.with(PlainModel.ATTENTION_MASK, inputs.attentionMask());
    if (inputs.targetLength() > 0) {
      inputs.with(PlainModel.DECODER_ATTENTION_MASK, inputs.decoderAttentionMask());
    }
    if (masked) {
      mask.addTo(inputs, Set.of(Mask.HEADS));
      inputs.with(PlainModel.HEAD_MASK, mask.toTensor(Mask.HEADS));
    }
    return inputs;
  }

  private void compare(Map<String, Tensor> results) {
    differences.replaceAll(
        (name, difference) -> {
          String hook = plain.outputs().getOrDefault(name, name);
          return difference.with(
              ComparedGraph.result(results, hook),
              ComparedGraph.result(results, ComparedGraph.ofFile(name)));
        });
  }
}
