package org.bertology.core.importance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Stack;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * The forward and backward pass behind {@link Importance}, compiled once for many data sets and
 * masks of heads and of the target. The owner closes it, before the model.
 */
public final class ImportancePass implements AutoCloseable {
  private final Model model;
  private final Readout readout;
  private final ImportanceOptions options;
  private final boolean labelled;
  private final int[] widths;
  private final int[] attentionHeads;
  private final CompiledGraph graph;

  private ImportancePass(
      Model model,
      Readout readout,
      ImportanceOptions options,
      boolean labelled,
      int[] widths,
      int[] attentionHeads,
      CompiledGraph graph) {
    this.model = model;
    this.readout = readout;
    this.options = options;
    this.labelled = labelled;
    this.widths = widths;
    this.attentionHeads = attentionHeads;
    this.graph = graph;
  }

  /**
   * Compiles the pass for labelled data.
   *
   * @throws IllegalArgumentException if the model has no task, or not the objective
   */
  public static ImportancePass open(Model model, ImportanceOptions options) {
    return open(model, options, true);
  }

  /** The same for data that may have no labels, where the objective does not need them. */
  public static ImportancePass open(Model model, EncodedData data, ImportanceOptions options) {
    return open(model, options, options.objective() == Objective.LOSS || isLabelled(data));
  }

  private static ImportancePass open(Model model, ImportanceOptions options, boolean labelled) {
    Readout readout = Readout.of(model);
    requireObjective(model, options.objective());
    Target target = options.target();
    int[] widths = target.widths(model.config());
    int[] heads = options.attention() ? Target.HEADS.widths(model.config()) : new int[0];
    Graph forward = model.graph(kinds(options));
    Graph graph =
        ImportanceGraph.of(forward, model.config(), target, options.objective(), widths, heads);
    CompiledGraph compiled = model.compile(graph, outputs(readout.hooks(labelled), widths, heads));
    return new ImportancePass(model, readout, options, labelled, widths, heads, compiled);
  }

  private static void requireObjective(Model model, Objective objective) {
    if (!model.graph(Set.of()).names().containsKey(objective.hook())) {
      throw new IllegalArgumentException(
          "'%s' predicts numbers, which have no %s; use the loss"
              .formatted(model.checkpoint().directory(), objective.key()));
    }
  }

  private static boolean isLabelled(EncodedData data) {
    return data.examples().stream().allMatch(example -> example.label().isPresent());
  }

  private static List<String> outputs(List<String> read, int[] widths, int[] heads) {
    List<String> outputs = new ArrayList<>(read);
    for (int layer = 0; layer < widths.length; layer++) {
      if (widths[layer] > 0) {
        outputs.add(ImportanceGraph.signed(layer));
        outputs.add(ImportanceGraph.magnitude(layer));
      }
    }
    for (int layer = 0; layer < heads.length; layer++) {
      if (heads[layer] > 0) {
        outputs.add(ImportanceGraph.entropy(layer));
        outputs.add(ImportanceGraph.confidence(layer));
      }
    }
    return outputs;
  }

  /** The importance on a data set, of the model as it is. */
  public Importance run(EncodedData data) {
    return run(data, ModelMask.ones(model.config()));
  }

  /**
   * The importance on a data set at a mask of heads and of the target.
   *
   * @throws IllegalArgumentException if an example has no label that is needed, or the mask is of
   *     another kind
   */
  public Importance run(EncodedData data, ModelMask mask) {
    requireLabels(data);
    requireKinds(mask);
    List<Stack> stacks = model.config().layers().stream().map(LayerGeometry::stack).toList();
    ExampleScores scores = new ExampleScores(data.size(), widths, stacks);
    Predictions predictions = new Predictions(readout, data);
    AttentionSums attention = AttentionSums.of(data.size(), attentionHeads);
    new BatchRun(graph, batch -> inputs(batch, mask), options.run())
        .run(
            data.examples(),
            (batch, results) -> {
              scores.add(batch, results);
              predictions.add(batch, results);
              attention.add(batch, results);
            });
    int oneTokenUnits = readout.readsOneToken() ? widths[widths.length - 1] : 0;
    return new Importance(
        options,
        widths,
        oneTokenUnits,
        scores,
        predictions,
        options.attention() ? Optional.of(attention) : Optional.empty());
  }

  private static Set<Mask> kinds(ImportanceOptions options) {
    return EnumSet.of(options.target().mask(), Mask.HEADS);
  }

  private void requireKinds(ModelMask mask) {
    if (!kinds(options).containsAll(mask.kinds())) {
      throw new IllegalArgumentException(
          "importance of %s is computed at masks of %s, got one of %s"
              .formatted(options.target().key(), kinds(options), mask.kinds()));
    }
  }

  private void requireLabels(EncodedData data) {
    boolean needed = labelled || readout.hooks(false).isEmpty();
    if (data.size() == 0 || (needed && !isLabelled(data))) {
      throw new IllegalArgumentException(
          "importance is a derivative of the loss: every example needs a label; name the column");
    }
  }

  private ModelInputs inputs(List<EncodedExample> batch, ModelMask mask) {
    return mask.addTo(model.inputs(batch), kinds(options));
  }

  @Override
  public void close() {
    graph.close();
  }
}
