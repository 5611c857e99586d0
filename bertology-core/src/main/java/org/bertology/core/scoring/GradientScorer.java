package org.bertology.core.scoring;

import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.ImportancePass;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;

/** Scores by a gradient {@link Criterion}: one forward and backward pass for all units at once. */
public final class GradientScorer implements Scorer {
  private final ImportancePass pass;
  private final EncodedData data;
  private final Criterion criterion;
  private final Target target;
  private final Normalization normalization;

  private GradientScorer(
      ImportancePass pass, EncodedData data, Criterion criterion, ScorerOptions options) {
    this.pass = pass;
    this.data = data;
    this.criterion = criterion;
    this.target = options.target();
    this.normalization = options.normalization();
  }

  /**
   * Compiles the pass.
   *
   * @throws IllegalArgumentException if the model has no task
   */
  public static GradientScorer open(
      Model model, EncodedData data, Criterion criterion, ScorerOptions options) {
    ImportanceOptions pass =
        new ImportanceOptions(
            options.target(),
            options.objective(),
            false,
            options.batchSize(),
            options.resamples(),
            options.seed(),
            options.run());
    return new GradientScorer(ImportancePass.open(model, data, pass), data, criterion, options);
  }

  @Override
  public String key() {
    return criterion.key();
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LayerScores scores(ModelMask mask) {
    return pass.run(data, mask).scores(criterion, normalization);
  }

  @Override
  public Scoring scoring(ModelMask mask) {
    Importance importance = pass.run(data, mask);
    return new Scoring(
        key(),
        target,
        importance.scores(criterion, normalization),
        importance.intervals(criterion, normalization));
  }

  @Override
  public void close() {
    pass.close();
  }
}
