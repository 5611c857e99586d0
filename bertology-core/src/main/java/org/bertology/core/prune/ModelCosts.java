package org.bertology.core.prune;

import java.util.Arrays;
import java.util.Optional;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
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
   * The costs of a model.
   *
   * @param length tokens of the example whose operations are counted
   * @param meter of the time, if a budget of it is wanted
   */
  public ModelCosts(Model model, int length, Optional<LatencyMeter> meter) {
    this.model = model;
    this.task = model.task();
    this.length = length;
    this.meter = meter;
  }

  /** 128 tokens, or the model's positions if fewer. */
  public static int usualLength(TransformerConfig config) {
    return Math.min(USUAL_LENGTH, config.maxPositions());
  }

  /** Tokens of the example whose operations are counted. */
  public int length() {
    return length;
  }

  /** All costs that are counted; empty where a mask leaves nothing that could be saved. */
  public Optional<ModelSize> sizeIfCut(ModelMask mask) {
    TransformerConfig left = mask.cut();
    boolean some = left.totalHeads() > 0 || model.config().totalHeads() == 0;
    return some && !left.layers().isEmpty()
        ? Optional.of(new ModelSize(parameters(mask), flops(mask), bytes(mask)))
        : Optional.empty();
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
