package org.bertology.core.scoring;

import java.util.Optional;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.statistics.Intervals;

/**
 * What a {@link Scorer} made of a model.
 *
 * @param key of the scorer
 * @param target what was scored
 * @param scores larger for what is worth more
 * @param intervals of the scores over examples, where there are any
 */
public record Scoring(
    String key, Target target, LayerScores scores, Optional<Intervals> intervals) {}
