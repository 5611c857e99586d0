package org.bertology.core.result;

import java.util.List;
import java.util.Optional;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.statistics.Intervals;

/**
 * Importance by the criterion and normalisation that somebody chose, with all others behind it.
 *
 * @param importance the scores by every criterion
 * @param criterion the chosen one
 * @param normalization the chosen one
 * @param scores by the chosen criterion, normalised
 * @param intervals of {@code scores}, where the criterion has any and resamples were asked for
 * @param summary the model's performance in the same pass
 */
public record ImportanceReport(
    Importance importance,
    Criterion criterion,
    Normalization normalization,
    LayerScores scores,
    Optional<Intervals> intervals,
    Summary summary) {

  /** The report for a choice; computes its intervals. */
  public static ImportanceReport of(
      Importance importance, Criterion criterion, Normalization normalization, Summary summary) {
    return new ImportanceReport(
        importance,
        criterion,
        normalization,
        importance.scores(criterion, normalization),
        importance.intervals(criterion, normalization),
        summary);
  }

  public Target target() {
    return importance.target();
  }

  /** All units, the most important first. */
  public List<LayerScores.Unit> ranking() {
    return scores.ranking();
  }

  /**
   * The un-normalised intervals of a criterion that are written with its scores. For neurons, of
   * which there are thousands, only those of the chosen criterion.
   */
  Optional<Intervals> definitionIntervals(Criterion definition) {
    return definition == criterion || target() != Target.NEURONS
        ? importance.intervals(definition, Normalization.NONE)
        : Optional.empty();
  }
}
