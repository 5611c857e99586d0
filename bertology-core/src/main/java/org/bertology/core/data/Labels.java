package org.bertology.core.data;

import java.util.List;
import java.util.Optional;

/** What the label texts of a data file mean to a model. */
public sealed interface Labels permits ClassLabels, ScoreLabels, SimilarityLabels, TargetLabels {
  /** The meaning of a label's text, or empty if it has none. */
  Optional<Label> parse(String text);

  /** Says for messages which texts have a meaning: {@code one of 0 negative, 1 positive}. */
  String expected();

  /** One line on how labels were matched with the model's outputs. */
  String explanation();

  /** The names of the model's outputs: of its classes, or {@code score}; none if it writes. */
  List<String> outputNames();

  /** How many outputs the model has: one per class, or one for a score. */
  int outputs();
}
