package org.bertology.core.scoring;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Outcomes;

/**
 * Runs examples each of which has a mask of its own. Compiled once for each set of kinds that are
 * masked. The owner closes it, before the model.
 */
final class MaskedRows implements AutoCloseable {
  private final Model model;
  private final Readout readout;
  private final Mask kind;
  private final Map<Set<Mask>, CompiledGraph> graphs = new HashMap<>();

  /**
   * Nothing compiled yet.
   *
   * @param kind of the masks that differ
   * @throws IllegalArgumentException if the model has no task
   */
  MaskedRows(Model model, Mask kind) {
    this.model = model;
    this.readout = Readout.of(model);
    this.kind = kind;
  }

  /**
   * The outcomes of rows, in their order.
   *
   * @param rows labelled examples, whose indices are their positions in the list
   * @param factors of a row's mask by layer
   * @param mask of all other kinds
   */
  Outcomes run(
      List<EncodedExample> rows,
      Function<EncodedExample, float[][]> factors,
      ModelMask mask,
      RunSettings settings) {
    Set<Mask> others = EnumSet.allOf(Mask.class);
    others.retainAll(mask.kinds());
    others.remove(kind);
    Predictions predictions = new Predictions(readout, new EncodedData(rows, 0));
    new BatchRun(graph(others), batch -> inputs(batch, factors, mask, others), settings)
        .run(rows, predictions::add);
    return Outcomes.of(predictions);
  }

  private CompiledGraph graph(Set<Mask> others) {
    Set<Mask> kinds = EnumSet.of(kind);
    kinds.addAll(others);
    return graphs.computeIfAbsent(
        kinds, all -> model.compile(model.graph(all), readout.hooks(true)));
  }

  private ModelInputs inputs(
      List<EncodedExample> batch,
      Function<EncodedExample, float[][]> factors,
      ModelMask mask,
      Set<Mask> others) {
    ModelInputs inputs = mask.addTo(model.inputs(batch), others);
    List<float[][]> rows = batch.stream().map(factors).toList();
    for (int layer = 0; layer < rows.get(0).length; layer++) {
      int of = layer;
      if (rows.get(0)[layer].length > 0) {
        inputs.mask(kind, layer, rows.stream().map(row -> row[of]).toArray(float[][]::new));
      }
    }
    return inputs;
  }

  @Override
  public void close() {
    graphs.values().forEach(CompiledGraph::close);
  }
}
