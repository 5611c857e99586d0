package org.bertology.api.backend;

import java.util.Map;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.Tensor;

/** A graph inside an engine. {@link #run} may be called by several threads at once. */
public interface CompiledGraph extends AutoCloseable {
  /** The inputs that a run needs, with their types. */
  Map<String, TensorType> inputs();

  /**
   * Runs once.
   *
   * @param inputs one tensor for each of {@link #inputs()} exactly; any floating type for FLOAT,
   *     any integer type for INT
   * @return the outputs asked for at compile time, in that order: {@link
   *     org.bertology.api.tensor.DType#F32} or F64 for FLOAT, I64 for INT, BOOL
   * @throws IllegalArgumentException naming the input, if one is missing, superfluous, of another
   *     type, does not fit the shape, or holds an index outside its table
   * @throws IllegalStateException if the graph or its backend is closed
   * @throws BackendException if the engine fails
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs);

  /** Waits for runs in progress, then releases what the engine holds. Idempotent. */
  @Override
  void close();
}
