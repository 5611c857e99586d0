package org.bertology.core.experiment;

import org.bertology.core.ablation.Ablation;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.scoring.LeaveOneOutScorer;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;

/**
 * The scores of {@link LeaveOneOutScorer} from an ablation that has been made.
 *
 * @param ablation of each head of a whole model
 */
record AblatedScores(Ablation ablation) implements Scorer {
  @Override
  public String key() {
    return LeaveOneOutScorer.KEY;
  }

  @Override
  public Target target() {
    return ablation.options().target();
  }

  /** The rises of the mean loss of the whole model, whatever the mask. */
  @Override
  public LayerScores scores(ModelMask mask) {
    double whole = Measure.loss().of(Outcomes.of(ablation.base()));
    return ablation.matrix(i -> Measure.loss().of(Outcomes.of(ablation.ablated().get(i))) - whole);
  }

  @Override
  public void close() {}
}
