package org.bertology.core.ablation;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Mask;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.rewrite.Split;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.journal.Steps;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * A model under many masks. What is below the first difference from a base mask is computed once
 * per batch, and of what is above it only what is read; leaving out each head of a six-layer
 * classifier so takes two fifths of the operations of as many whole runs. The owner closes it,
 * before the model.
 */
public final class MaskSweep implements AutoCloseable {
  private final Model model;
  private final Readout readout;
  private final ModelMask base;
  private final int variants;
  private final Set<Mask> kinds;
  private final RunSettings settings;
  private final List<CompiledGraph> compiled = new ArrayList<>();
  private final List<SweepPart> parts = new ArrayList<>();
  private final CompiledGraph prefix;

  private MaskSweep(
      Model model,
      ModelMask base,
      List<ModelMask> variants,
      Set<Mask> kinds,
      RunSettings settings) {
    this.model = model;
    this.readout = Readout.of(model);
    this.base = base;
    this.variants = variants.size();
    this.kinds = kinds;
    this.settings = settings;
    List<String> outputs = readout.hooks(true);
    Graph whole = Narrowing.of(model.graph(kinds), outputs);
    Map<String, Value> handedOver = new LinkedHashMap<>();
    for (SweepGroup group : SweepGroup.of(base, variants, kinds)) {
      Split split = Split.of(whole, outputs, group.changing());
      split.handedOver().forEach(name -> handedOver.put(name, split.prefix().value(name)));
      parts.add(new SweepPart(model, readout, group, split, compile(split.suffix(), outputs)));
    }
    prefix = compile(whole.with(handedOver), List.copyOf(handedOver.keySet()));
  }

  private CompiledGraph compile(Graph graph, List<String> outputs) {
    CompiledGraph result = model.compile(graph, outputs);
    compiled.add(result);
    return result;
  }

  /**
   * Compiles a sweep.
   *
   * @param base what most variants have in common with each other
   * @param variants masks of the same model; one may be the base itself
   * @throws IllegalArgumentException if the model has no task, or there is no variant
   */
  public static MaskSweep open(
      Model model, ModelMask base, List<ModelMask> variants, RunSettings settings) {
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("a sweep needs at least one mask, got none");
    }
    Set<Mask> kinds = EnumSet.noneOf(Mask.class);
    kinds.addAll(base.kinds());
    variants.forEach(mask -> kinds.addAll(mask.kinds()));
    if (kinds.isEmpty()) {
      kinds.add(Mask.LAYERS);
    }
    return new MaskSweep(model, base, variants, kinds, settings);
  }

  /**
   * The predictions under every mask, in the order of the variants.
   *
   * @throws IllegalArgumentException if an example has no label
   */
  public List<Predictions> run(EncodedData data) {
    return run(data, Optional.empty());
  }

  /**
   * The same with a journal: batches that are in it are not run again. It must be of the same
   * model, data, masks and batch tokens.
   */
  public List<Predictions> run(EncodedData data, Steps journal) {
    return run(data, Optional.of(journal));
  }

  private List<Predictions> run(EncodedData data, Optional<Steps> journal) {
    if (data.examples().stream().anyMatch(example -> example.label().isEmpty())) {
      throw new IllegalArgumentException(
          "ablation compares losses: every example needs a label; name the column");
    }
    Map<String, JsonObject> earlier = new HashMap<>();
    journal.ifPresent(
        steps -> steps.earlier().forEach(step -> earlier.put(BatchOutcome.keyOf(step), step)));
    List<Predictions> predictions = new ArrayList<>();
    for (int i = 0; i < variants; i++) {
      predictions.add(new Predictions(readout, data));
    }
    BatchRun.inBatches(
        data.examples(),
        settings,
        batch -> outcome(batch, earlier, journal),
        (batch, outcome) -> {
          for (int i = 0; i < variants; i++) {
            outcome.addTo(predictions.get(i), i, batch);
          }
        });
    return predictions;
  }

  private BatchOutcome outcome(
      List<EncodedExample> batch, Map<String, JsonObject> earlier, Optional<Steps> journal) {
    JsonObject step = earlier.getOrDefault(BatchOutcome.key(batch), new JsonObject());
    return BatchOutcome.of(step, readout, batch, variants)
        .orElseGet(
            () -> {
              BatchOutcome computed = computed(batch);
              journal.ifPresent(steps -> steps.append(computed.toJson(readout, batch)));
              return computed;
            });
  }

  private BatchOutcome computed(List<EncodedExample> batch) {
    Map<String, Tensor> inputs = new HashMap<>(base.addTo(model.inputs(batch), kinds).tensors());
    inputs.keySet().retainAll(prefix.inputs().keySet());
    Map<String, Tensor> handedOver = prefix.run(inputs);
    BatchOutcome outcome = BatchOutcome.empty(variants, batch.size());
    for (SweepPart part : parts) {
      part.run(batch, handedOver, kinds, settings.batchTokens(), outcome);
    }
    return outcome;
  }

  @Override
  public void close() {
    compiled.forEach(CompiledGraph::close);
  }
}
