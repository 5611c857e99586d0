package org.bertology.api.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.bertology.api.graph.Value;

/**
 * The tasks that all encoders have, over their states; a family says what its heads are. B batch, T
 * sequence, W hidden width, C labels.
 */
abstract class EncoderTasks {
  static final Set<Task> ALL =
      Collections.unmodifiableSet(
          EnumSet.of(
              Task.SEQUENCE_CLASSIFICATION,
              Task.REGRESSION,
              Task.TOKEN_CLASSIFICATION,
              Task.MASKED_LM,
              Task.SENTENCE_EMBEDDING,
              Task.ENCODER));

  private final TaskHeads heads;

  EncoderTasks(ModelBuilder model) {
    this.heads = new TaskHeads(model);
  }

  /** The head of a task on states {@code [B, T, W]}. */
  final void append(Task task, Value states) {
    switch (task) {
      case SEQUENCE_CLASSIFICATION -> heads.classes(classes(states));
      case REGRESSION -> heads.number(classes(states));
      case TOKEN_CLASSIFICATION -> heads.tokenClasses(heads.classifier(states));
      case MASKED_LM -> heads.tokenClasses(words(states));
      case SENTENCE_EMBEDDING -> {
        encoder(states);
        heads.sentences(states);
      }
      default -> encoder(states);
    }
  }

  final TaskHeads heads() {
    return heads;
  }

  final TransformerConfig config() {
    return heads.model().config();
  }

  /** Logits of the whole sequence {@code [B, C]}. */
  abstract Value classes(Value states);

  /** Logits of words {@code [B, T, words]}. */
  abstract Value words(Value states);

  /** What comes after the states in a model without a task, such as a pooler. */
  abstract void encoder(Value states);
}
