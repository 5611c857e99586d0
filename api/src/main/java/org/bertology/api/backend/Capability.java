package org.bertology.api.backend;

import java.util.Collection;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.graph.Graph;
import org.bertology.api.tensor.Weights;

/** What not every engine can do; asked before a run, refused with one sentence where missing. */
public enum Capability {
  /** Computes in double precision when asked to by {@link BackendConfig#precision()}. */
  DOUBLE_PRECISION,
  /**
   * Differentiates graphs by itself, see {@link Backend#compile(Graph, Weights, Collection,
   * Differentiation)}.
   */
  NATIVE_GRADIENTS,
  /** Runs on CUDA devices. */
  CUDA
}
