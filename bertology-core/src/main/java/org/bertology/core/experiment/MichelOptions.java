package org.bertology.core.experiment;

import org.bertology.core.prune.Baselines;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.PairedComparison;

/**
 * How a {@link MichelStudy} is made.
 *
 * @param randomDraws random orders that the curve is compared with
 * @param comparison of what is ablated with the whole model; its seed and resamples are those of
 *     the curves too
 * @param run how examples are run
 */
public record MichelOptions(int randomDraws, PairedComparison comparison, RunSettings run) {
  public MichelOptions {
    // Refuses what is negative.
    Baselines unused = Baselines.all().withRandomDraws(randomDraws);
  }

  /** Five random orders and the usual comparison. */
  public static MichelOptions defaults() {
    return new MichelOptions(5, PairedComparison.defaults(), RunSettings.defaults());
  }

  public MichelOptions withRandomDraws(int changed) {
    return new MichelOptions(changed, comparison, run);
  }

  public MichelOptions withComparison(PairedComparison changed) {
    return new MichelOptions(randomDraws, changed, run);
  }

  public MichelOptions withRun(RunSettings changed) {
    return new MichelOptions(randomDraws, comparison, changed);
  }
}
