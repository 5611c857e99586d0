package org.bertology.core.ablation;

import org.bertology.core.importance.Target;
import org.bertology.core.run.RunSettings;

/**
 * What is ablated.
 *
 * @param target of what kind the units are
 * @param mode what is taken away in each run
 * @param groupSize how many neurons that are next to each other are taken away together; the last
 *     group of a layer may be smaller. Heads and layers go one by one
 * @param run how examples are run
 */
public record AblationOptions(Target target, AblationMode mode, int groupSize, RunSettings run) {
  /** One group for all neurons of a layer, however many there are. */
  public static final int WHOLE_LAYER = Integer.MAX_VALUE;

  public AblationOptions {
    if (groupSize < 1) {
      throw new IllegalArgumentException("group size must be at least 1 neuron, got " + groupSize);
    }
    if (mode == AblationMode.KEEP_ONE && target != Target.HEADS) {
      throw new IllegalArgumentException(
          "%s is for heads, got %s; use %s for them"
              .formatted(mode.key(), target.key(), AblationMode.LEAVE_ONE_OUT.key()));
    }
  }

  /** Each head left out, one after the other; neurons would go by whole layers. */
  public static AblationOptions defaults() {
    return new AblationOptions(
        Target.HEADS, AblationMode.LEAVE_ONE_OUT, WHOLE_LAYER, RunSettings.defaults());
  }

  public AblationOptions withTarget(Target changed) {
    return new AblationOptions(changed, mode, groupSize, run);
  }

  public AblationOptions withMode(AblationMode changed) {
    return new AblationOptions(target, changed, groupSize, run);
  }

  public AblationOptions withGroupSize(int changed) {
    return new AblationOptions(target, mode, changed, run);
  }

  public AblationOptions withRun(RunSettings changed) {
    return new AblationOptions(target, mode, groupSize, changed);
  }

  /** How many units of the target go together. */
  int unitsTogether() {
    return target == Target.NEURONS ? groupSize : 1;
  }
}
