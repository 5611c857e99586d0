package org.bertology.core.result;

import java.util.List;
import org.bertology.api.model.Mask;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.scoring.Agreement;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.scoring.Scoring;

/**
 * The units of a model by several criteria, and how much these agree.
 *
 * @param scorings in the order asked for
 * @param agreement of the scorings about units that are not masked
 * @param options of the scorers
 * @param metric that leaving one out looked at
 * @param mask at which units were scored
 * @param summary of the model's performance with all units, at the mask if there was one
 */
public record CriteriaReport(
    List<Scoring> scorings,
    Agreement agreement,
    ScorerOptions options,
    Metric metric,
    ModelMask mask,
    Summary summary) {
  public CriteriaReport {
    scorings = List.copyOf(scorings);
  }

  /** The units that are not masked, those worth most by a scoring first. */
  public List<LayerScores.Unit> ranking(Scoring scoring) {
    Mask kind = scoring.target().mask();
    return scoring.scores().ranking().stream()
        .filter(unit -> mask.get(new Unit(kind, unit.layer(), unit.index())) != 0)
        .toList();
  }

  /** How many units were looked at as a criterion's first. */
  public int top() {
    return agreement.pairs().get(0).get(0).top();
  }
}
