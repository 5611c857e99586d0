package org.bertology.core.prune;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.core.benchmark.ForwardPass;
import org.bertology.core.benchmark.Workload;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;

/**
 * The median time of a cut model's forward pass on one example, on the model's own backend and in
 * this process. A machine that does something else at the same time measures that as well.
 */
public final class CutLatency implements LatencyMeter {
  private static final int WARM_UP = 5;
  private static final int REPETITIONS = 31;

  private final Model whole;
  private final Workload workload;

  /**
   * A meter of a model.
   *
   * @param tokens of the example
   */
  public CutLatency(Model whole, int tokens) {
    this.whole = whole;
    this.workload = new Workload(1, OptionalInt.of(tokens), 1);
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
    ModelMask nothing = ModelMask.ones(model.config());
    try (ForwardPass pass = ForwardPass.open(model, Optional.empty(), nothing)) {
      for (int i = 0; i < WARM_UP; i++) {
        double unused = pass.seconds(workload);
      }
      double[] seconds = new double[REPETITIONS];
      Arrays.setAll(seconds, i -> pass.seconds(workload));
      Arrays.sort(seconds);
      return seconds[REPETITIONS / 2];
    }
  }
}
