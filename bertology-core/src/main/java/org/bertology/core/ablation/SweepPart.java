package org.bertology.core.ablation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Dim;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.rewrite.Split;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.evaluate.BatchAnswers;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedExample;

/**
 * A group of variants with the part of the graph that differs between them. Where a run holds
 * little, several variants share one: their masks are rows of a larger batch.
 */
final class SweepPart {
  private static final String BATCH = "batch";
  private static final Set<String> TOKENS = Set.of("sequence", "target");

  private final Model model;
  private final Readout readout;
  private final SweepGroup group;
  private final Split split;
  private final CompiledGraph suffix;
  private final boolean perToken;

  SweepPart(Model model, Readout readout, SweepGroup group, Split split, CompiledGraph suffix) {
    this.model = model;
    this.readout = readout;
    this.group = group;
    this.split = split;
    this.suffix = suffix;
    this.perToken =
        split.handedOver().stream()
            .flatMap(name -> split.prefix().value(name).shape().dims().stream())
            .anyMatch(dim -> dim.symbols().stream().anyMatch(TOKENS::contains));
  }

  /**
   * Runs all variants of the group on a batch.
   *
   * @param handedOver what the prefix gave for the batch
   */
  void run(
      List<EncodedExample> batch,
      Map<String, Tensor> handedOver,
      Set<Mask> kinds,
      int batchTokens,
      BatchOutcome outcome) {
    int length = batch.stream().mapToInt(EncodedExample::allTokens).max().orElseThrow();
    int tokens = batch.size() * (perToken ? length : 1);
    int together = Math.max(1, batchTokens / tokens);
    List<Map.Entry<Integer, ModelMask>> variants = List.copyOf(group.variants().entrySet());
    for (int start = 0; start < variants.size(); start += together) {
      List<Map.Entry<Integer, ModelMask>> some =
          variants.subList(start, Math.min(start + together, variants.size()));
      List<ModelMask> masks = some.stream().map(Map.Entry::getValue).toList();
      Map<String, Tensor> results = suffix.run(inputs(batch, handedOver, kinds, masks));
      store(some.stream().map(Map.Entry::getKey).toList(), results, batch, outcome);
    }
  }

  private Map<String, Tensor> inputs(
      List<EncodedExample> batch,
      Map<String, Tensor> handedOver,
      Set<Mask> kinds,
      List<ModelMask> masks) {
    List<EncodedExample> rows = new ArrayList<>();
    masks.forEach(mask -> rows.addAll(batch));
    ModelInputs inputs = model.inputs(rows);
    for (Mask kind : kinds) {
      for (int layer = 0; layer < model.config().layers().size(); layer++) {
        if (kind.width(model.config().layers().get(layer)) > 0) {
          inputs.mask(kind, layer, maskRows(kind, layer, masks, batch.size()));
        }
      }
    }
    Map<String, Tensor> all = new HashMap<>(inputs.tensors());
    for (String name : split.handedOver()) {
      Tensor value = required(handedOver, name);
      all.put(name, isByExample(name) ? value.repeated(masks.size()) : value);
    }
    all.keySet().retainAll(suffix.inputs().keySet());
    return all;
  }

  /** Positions, for one, are the same for all rows. */
  private boolean isByExample(String name) {
    List<Dim> dims = split.prefix().value(name).shape().dims();
    return !dims.isEmpty() && dims.get(0).symbols().contains(BATCH);
  }

  private static Tensor required(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("'%s' was not computed".formatted(name));
    }
    return tensor;
  }

  private static float[][] maskRows(
      Mask kind, int layer, Collection<ModelMask> masks, int examples) {
    List<float[]> rows = new ArrayList<>();
    for (ModelMask mask : masks) {
      float[] factors = mask.factors(kind, layer);
      for (int i = 0; i < examples; i++) {
        rows.add(factors);
      }
    }
    return rows.toArray(float[][]::new);
  }

  private void store(
      List<Integer> variants,
      Map<String, Tensor> results,
      List<EncodedExample> batch,
      BatchOutcome outcome) {
    BatchAnswers answers = new BatchAnswers(readout, variants.size() * batch.size(), results);
    int row = 0;
    for (int variant : variants) {
      for (int i = 0; i < batch.size(); i++) {
        outcome.numbers()[variant][i] = answers.numbers(row, batch.get(i));
        outcome.losses()[variant][i] = answers.loss(row);
        row++;
      }
    }
  }
}
