package org.bertology.api.backend;

import java.util.Map;
import org.bertology.api.tensor.Tensor;

/** A graph that an engine has loaded from a file. */
public interface ExportedGraph extends AutoCloseable {
  /**
   * Runs once. What the file itself does not check, nobody does.
   *
   * @param inputs all inputs by name, {@link org.bertology.api.tensor.DType#F32} or I64
   * @return all outputs by name
   * @throws BackendException if the engine fails
   * @throws IllegalStateException if this or its backend is closed
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs);

  /** Waits for runs in progress, then releases what the engine holds. Idempotent. */
  @Override
  void close();
}
