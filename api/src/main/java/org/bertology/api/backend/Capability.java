package org.bertology.api.backend;

/** What not every engine can do; asked before a run, refused with one sentence where missing. */
public enum Capability {
  /** Computes in double precision when asked to by {@link BackendConfig#precision()}. */
  DOUBLE_PRECISION,
  /** Runs on CUDA devices. */
  CUDA
}
