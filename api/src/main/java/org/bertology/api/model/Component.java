package org.bertology.api.model;

/** The parts that a model's parameters belong to. */
public enum Component {
  /** Tables and their normalisation. */
  EMBEDDINGS,
  /** Projections of an attention and the normalisation that goes with it. */
  ATTENTION,
  /** Both linear maps of a feed-forward network and the normalisation that goes with it. */
  FEEDFORWARD,
  /** All else: poolers, last normalisations and what belongs to the task. */
  HEAD
}
