package org.bertology.core.scoring;

import java.util.Optional;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;

/**
 * Gives every unit of a model a score, larger for what is worth more. The owner closes it, before
 * the model.
 */
public interface Scorer extends AutoCloseable {
  /** The name in commands and results, such as {@code gradient}. */
  String key();

  /** What is scored. */
  Target target();

  /**
   * The scores of all units of a model of which some are masked; those of masked units mean
   * nothing.
   */
  LayerScores scores(ModelMask mask);

  /** The same, with intervals where the scores are estimates from examples. */
  default Scoring scoring(ModelMask mask) {
    return new Scoring(key(), target(), scores(mask), Optional.empty());
  }

  @Override
  void close();
}
