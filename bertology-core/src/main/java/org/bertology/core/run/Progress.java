package org.bertology.core.run;

/** Told how far a run is; called from several threads, one at a time. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (done, total) -> {};

  /**
   * Called after every batch. An exception thrown here ends the run.
   *
   * @param done examples finished
   * @param total all examples
   */
  void report(int done, int total);
}
