package org.bertology.core.evaluate;

import java.util.List;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * The forward pass behind {@link Evaluation}, compiled once for many masks of labelled data. The
 * owner closes it, before the model.
 */
public final class EvaluationPass implements AutoCloseable {
  private final Model model;
  private final Readout readout;
  private final Set<Mask> kinds;
  private final RunSettings settings;
  private final CompiledGraph graph;

  private EvaluationPass(
      Model model, Readout readout, Set<Mask> kinds, RunSettings settings, CompiledGraph graph) {
    this.model = model;
    this.readout = readout;
    this.kinds = kinds;
    this.settings = settings;
    this.graph = graph;
  }

  /**
   * Compiles the pass.
   *
   * @param kinds of the masks to come
   * @throws IllegalArgumentException if the model has no task
   */
  public static EvaluationPass open(Model model, Set<Mask> kinds, RunSettings settings) {
    return open(model, kinds, true, settings);
  }

  /** The same for examples that may have no labels, and so no loss. */
  static EvaluationPass open(Model model, Set<Mask> kinds, boolean labelled, RunSettings settings) {
    Readout readout = Readout.of(model);
    List<String> outputs = readout.hooks(labelled);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "a model that is judged by its loss alone needs a label for every example");
    }
    CompiledGraph graph = model.compile(model.graph(kinds), outputs);
    return new EvaluationPass(model, readout, Set.copyOf(kinds), settings, graph);
  }

  /**
   * The predictions under a mask.
   *
   * @throws IllegalArgumentException if the mask is of another kind
   */
  public Predictions run(EncodedData data, ModelMask mask) {
    if (!kinds.containsAll(mask.kinds())) {
      throw new IllegalArgumentException(
          "the pass was compiled for masks of %s, got one of %s".formatted(kinds, mask.kinds()));
    }
    Predictions predictions = new Predictions(readout, data);
    new BatchRun(graph, batch -> inputs(batch, mask), settings)
        .run(data.examples(), predictions::add);
    return predictions;
  }

  private ModelInputs inputs(List<EncodedExample> batch, ModelMask mask) {
    return mask.addTo(model.inputs(batch), kinds);
  }

  @Override
  public void close() {
    graph.close();
  }
}
