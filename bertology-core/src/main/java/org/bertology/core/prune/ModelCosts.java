package org.bertology.core.prune;

import java.util.Arrays;
import java.util.Optional;
import org.bertology.api.model.Task;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelFlops;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.ParameterCounts;

/**
 * What a model costs once what is masked has been cut: counted, all but the time, which somebody
 * else measures.
 */
public final class ModelCosts implements Costs {
  private static final int USUAL_LENGTH = 128;

  private final Model model;
  private final Task task;
  private final int length;
  private final Optional<LatencyMeter> meter;

  /**
   * The costs of a model; operations are those of one example of 128 tokens, or of the model's
   * positions if fewer.
   *
   * @param meter of the time, if a budget of it is wanted
   */
  public ModelCosts(Model model, Optional<LatencyMeter> meter) {
    this.model = model;
    this.task = model.task();
    this.length = Math.min(USUAL_LENGTH, model.config().maxPositions());
    this.meter = meter;
  }

  /** Tokens of the example whose operations are counted. */
  public int length() {
    return length;
  }

  /** All costs that are counted. */
  public ModelSize size(ModelMask mask) {
    return new ModelSize(parameters(mask), flops(mask), bytes(mask));
  }

  /**
   * One cost.
   *
   * @throws IllegalArgumentException if nothing would be left to count
   */
  @Override
  public double of(Quantity quantity, ModelMask mask) {
    return switch (quantity) {
      case PARAMETERS -> parameters(mask);
      case FLOPS -> flops(mask);
      case BYTES -> bytes(mask);
      case LATENCY ->
          meter
              .orElseThrow(() -> new IllegalArgumentException("nobody measures time here"))
              .seconds(mask);
    };
  }

  private long parameters(ModelMask mask) {
    return ParameterCounts.of(mask.cut(), task).total();
  }

  private long flops(ModelMask mask) {
    return ModelFlops.of(mask.cut(), task, 1, length).narrowed();
  }

  private long bytes(ModelMask mask) {
    Checkpoint left =
        mask.kinds().isEmpty() ? model.checkpoint() : Cut.of(model.checkpoint(), mask);
    StoredWeights weights = left.weights();
    return weights.names().stream()
        .mapToLong(name -> weights.storedType(name).bytes() * size(weights.shape(name)))
        .sum();
  }

  private static long size(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
