package org.bertology.core.prune;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedExample;

/**
 * The median time of a cut model's forward pass on one example, on the model's own backend and in
 * this process. A machine that does something else at the same time measures that as well.
 */
public final class CutLatency implements LatencyMeter {
  private static final int WARM_UP = 5;
  private static final int REPETITIONS = 31;

  private final Model whole;
  private final List<EncodedExample> batch;

  /**
   * A meter of a model.
   *
   * @param tokens of the example
   */
  public CutLatency(Model whole, int tokens) {
    this.whole = whole;
    this.batch = List.of(new EncodedExample(0, new int[tokens], new int[tokens], Optional.empty()));
  }

  @Override
  public double seconds(ModelMask mask) {
    if (mask.kinds().isEmpty()) {
      return median(whole);
    }
    try (Model cut = Model.of(Cut.of(whole.checkpoint(), mask), whole.backend())) {
      return median(cut);
    }
  }

  private double median(Model model) {
    try (CompiledGraph graph = model.compile(model.graph(Set.of()), List.of(model.output()))) {
      Map<String, Tensor> inputs = new HashMap<>(model.inputs(batch).tensors());
      inputs.keySet().retainAll(graph.inputs().keySet());
      for (int i = 0; i < WARM_UP; i++) {
        graph.run(inputs);
      }
      double[] seconds = new double[REPETITIONS];
      for (int i = 0; i < REPETITIONS; i++) {
        long start = System.nanoTime();
        graph.run(inputs);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      Arrays.sort(seconds);
      return seconds[REPETITIONS / 2];
    }
  }
}
