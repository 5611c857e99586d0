package org.bertology.core.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.data.Label;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * What one timed pass runs.
 *
 * @param batch examples in a batch
 * @param length tokens of each example, and of its target if it has one; empty for the examples of
 *     a data set as they are, in its order, padded to the longest of their batch
 * @param examples of a pass
 */
public record Workload(int batch, OptionalInt length, int examples) {
  private static final long SEED = 42;

  public Workload {
    if (batch < 1 || examples < 1 || length.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "batch size, examples and length must be at least 1, got %d, %d and %s"
              .formatted(batch, examples, length.isPresent() ? length.getAsInt() : "none"));
    }
  }

  /**
   * The inputs of every batch of a pass, without labels: what is timed are predictions.
   *
   * @param data must be there unless a length is given
   * @throws IllegalArgumentException if there are fewer examples than a pass takes
   */
  List<Map<String, Tensor>> inputs(Model model, Optional<EncodedData> data, ModelMask mask) {
    List<EncodedExample> all = length.isPresent() ? random(model.config()) : first(data);
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int start = 0; start < all.size(); start += batch) {
      List<EncodedExample> rows = all.subList(start, Math.min(start + batch, all.size()));
      batches.add(mask.addTo(model.inputs(rows)).tensors());
    }
    return batches;
  }

  /**
   * Refuses what {@link ForwardPass#seconds} would.
   *
   * @throws IllegalArgumentException if the model has fewer positions than the length, or the data
   *     fewer examples than a pass takes
   */
  public void requireRunnable(Model model, Optional<EncodedData> data) {
    int positions = model.config().maxPositions();
    if (length.orElse(1) > positions) {
      throw new IllegalArgumentException(
          "a length of %d tokens is more than the model's %d positions"
              .formatted(length.getAsInt(), positions));
    }
    if (length.isEmpty()) {
      List<EncodedExample> unused = first(data);
    }
  }

  private List<EncodedExample> first(Optional<EncodedData> data) {
    EncodedData given =
        data.orElseThrow(() -> new IllegalArgumentException("a length or data must be given"));
    if (given.size() < examples) {
      throw new IllegalArgumentException(
          "a pass takes %d examples, the data has %d; lower --examples"
              .formatted(examples, given.size()));
    }
    return given.examples().subList(0, examples).stream().map(Workload::unlabelled).toList();
  }

  /** Which words stand there makes no difference to the time. */
  private List<EncodedExample> random(TransformerConfig config) {
    SplittableRandom random = new SplittableRandom(SEED);
    int tokens = length.orElseThrow();
    List<EncodedExample> rows = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      int[] ids = random.ints(tokens, 0, config.vocabularySize()).toArray();
      Optional<Label> target =
          config.count(Stack.DECODER) > 0
              ? Optional.of(
                  new Label.Target(
                      random.ints(tokens, 0, config.vocabularySize()).boxed().toList()))
              : Optional.empty();
      rows.add(new EncodedExample(i, ids, new int[tokens], target));
    }
    return rows;
  }

  /** Target texts stay: a decoder reads them. */
  private static EncodedExample unlabelled(EncodedExample example) {
    return new EncodedExample(
        example.index(),
        example.ids(),
        example.types(),
        example.label().filter(Label.Target.class::isInstance));
  }
}
