package org.bertology.core.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.Hooks;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedExample;

/**
 * What is read out of a model for each example, and how that is compared with labels: one
 * implementation for each kind of answer. Whatever runs examples (evaluation, importance, ablation,
 * scores) knows a model's answers by this alone.
 */
public sealed interface Readout permits ClassReadout, NumberReadout, TokenReadout, LossReadout {

  /**
   * The readout of a model.
   *
   * @throws IllegalArgumentException if the model has no task, and so neither answers nor a loss
   */
  static Readout of(Model model) {
    return switch (model.task()) {
      case SEQUENCE_CLASSIFICATION -> new ClassReadout(model.config().labels());
      case REGRESSION -> new NumberReadout(List.of(Metric.PEARSON, Metric.SPEARMAN), true);
      case SENTENCE_EMBEDDING -> new NumberReadout(List.of(Metric.SPEARMAN, Metric.PEARSON), false);
      case TOKEN_CLASSIFICATION -> TokenReadout.ofClasses(model.labels());
      case REPLACED_TOKEN_DETECTION -> TokenReadout.ofOneNumber(model.labels());
      case MASKED_LM, CAUSAL_LM, SEQ2SEQ_LM -> new LossReadout();
      case ENCODER ->
          throw new IllegalArgumentException(
              "this needs a model with a task, and so a loss; '%s' is an encoder without one; give it a pooling (--pooling) to have it embed sentences"
                  .formatted(model.checkpoint().directory()));
    };
  }

  /** The hook that answers are read from; empty if the loss is all that is read. */
  default Optional<String> hook() {
    return Optional.of(Hooks.LOGITS);
  }

  /** The hooks that a run computes: without labels there is no loss. */
  default List<String> hooks(boolean labelled) {
    List<String> hooks = new ArrayList<>(hook().stream().toList());
    if (labelled) {
      hooks.add(Hooks.LOSS);
    }
    return hooks;
  }

  /** How many answers are read for an example: one, or one for each of some tokens. */
  int answers(EncodedExample example);

  /** How many numbers an answer is read from, such as one per class. */
  int width();

  /**
   * The numbers of one example {@code [answers, width]}.
   *
   * @param values of a batch at the {@link #hook}, row after row
   * @param start of the example's row among them
   */
  float[] read(float[] values, int start, EncodedExample example);

  /** The predictions in the numbers of one example, in their order in it. */
  List<Prediction> predictions(EncodedExample example, float[] numbers);

  /** Whether predictions and labels are indices of classes, and not numbers. */
  boolean predictsClasses();

  /**
   * The answers to examples that all have labels.
   *
   * @param numbers of each example
   * @param losses of each example
   * @throws IllegalStateException if an example has no label
   */
  Answers judged(List<EncodedExample> examples, float[][] numbers, double[] losses);

  /** How much an example counts in the mean loss: as often as each answer has a loss of its own. */
  default double weight(EncodedExample example) {
    return 1;
  }

  /** The metrics that are shown where no task says which; the main one first. */
  List<Metric> metrics();

  /** The fewest examples that metrics are defined for. */
  default int leastExamples() {
    return 1;
  }

  /** Whether the fraction of right answers is a mean over examples, since each has one answer. */
  default boolean hasOneAnswer() {
    return false;
  }

  /**
   * Whether the model reads the last layer's state of a single token, so that in this layer nothing
   * else gets a gradient.
   */
  default boolean readsOneToken() {
    return false;
  }
}
