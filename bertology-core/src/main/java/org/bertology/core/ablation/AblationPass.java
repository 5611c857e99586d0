package org.bertology.core.ablation;

import java.util.List;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.journal.Steps;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;

/**
 * The compiled graphs of an {@link Ablation}, for several data sets. The owner closes it, before
 * the model.
 */
public final class AblationPass implements AutoCloseable {
  private final AblationOptions options;
  private final AblationPlan plan;
  private final MaskSweep sweep;

  private AblationPass(AblationOptions options, AblationPlan plan, MaskSweep sweep) {
    this.options = options;
    this.plan = plan;
    this.sweep = sweep;
  }

  /**
   * Compiles an ablation.
   *
   * @param base what is masked in all runs; of what it takes away nothing is ablated
   * @throws IllegalArgumentException if the model has no task, or nothing to ablate
   */
  public static AblationPass open(Model model, ModelMask base, AblationOptions options) {
    AblationPlan plan = AblationPlan.of(base, options);
    return new AblationPass(
        options, plan, MaskSweep.open(model, base, plan.variants(), options.run()));
  }

  /**
   * Runs it.
   *
   * @throws IllegalArgumentException if an example has no label
   */
  public Ablation run(EncodedData data) {
    return ablation(sweep.run(data));
  }

  /** The same with a journal, from which it goes on after a kill; see {@link MaskSweep#run}. */
  public Ablation run(EncodedData data, Steps journal) {
    return ablation(sweep.run(data, journal));
  }

  private Ablation ablation(List<Predictions> predictions) {
    int last = predictions.size() - 1;
    return new Ablation(options, plan, predictions.get(last), predictions.subList(0, last));
  }

  @Override
  public void close() {
    sweep.close();
  }
}
