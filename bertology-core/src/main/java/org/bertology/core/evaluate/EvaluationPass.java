package org.bertology.core.evaluate;

import java.util.List;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
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
  private final Set<Mask> kinds;
  private final RunSettings settings;
  private final CompiledGraph graph;

  private EvaluationPass(Model model, Set<Mask> kinds, RunSettings settings, CompiledGraph graph) {
    this.model = model;
    this.kinds = kinds;
    this.settings = settings;
    this.graph = graph;
  }

  /**
   * Compiles the pass.
   *
   * @param kinds of the masks to come
   * @throws IllegalArgumentException if the model neither classifies sequences nor regresses
   */
  public static EvaluationPass open(Model model, Set<Mask> kinds, RunSettings settings) {
    return open(model, kinds, List.of(Hooks.LOGITS, Hooks.LOSS), settings);
  }

  /** The same for some outputs: without labels there is no loss. */
  static EvaluationPass open(
      Model model, Set<Mask> kinds, List<String> outputs, RunSettings settings) {
    Evaluation.requireSequenceTask(model);
    CompiledGraph graph = model.compile(model.graph(kinds), outputs);
    return new EvaluationPass(model, Set.copyOf(kinds), settings, graph);
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
    Predictions predictions = new Predictions(model.task(), model.config().labels(), data);
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
