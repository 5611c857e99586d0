package org.bertology.api.backend;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.graph.Graph;
import org.bertology.api.tensor.Weights;

/** A running engine. Thread-safe; the owner closes it. */
public interface Backend extends AutoCloseable {
  /** The name of its {@link BackendFactory}. */
  String name();

  /** The engine's own name and version, for provenance. */
  String version();

  Set<Capability> capabilities();

  /** The devices that this engine sees, such as {@code cpu} and {@code cuda:0}. */
  List<String> devices();

  BackendConfig config();

  /**
   * Loads what the outputs depend on, and nothing else, into the engine. Each weight is uploaded
   * once for all graphs compiled with the same {@code weights} instance. The caller closes the
   * result.
   *
   * @throws IllegalArgumentException if an output is unknown, or a parameter is missing from the
   *     weights or has another shape there
   * @throws BackendException if the engine refuses the graph
   */
  CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs);

  /**
   * The same for a graph of {@link org.bertology.api.autodiff.Gradients#deferred}: the engine
   * computes the gradients by its own means, and the compiled graph does not take them as inputs.
   *
   * @throws UnsupportedCapabilityException without {@link Capability#NATIVE_GRADIENTS}
   */
  default CompiledGraph compile(
      Graph graph, Weights weights, Collection<String> outputs, Differentiation differentiation) {
    throw new UnsupportedCapabilityException(
        "%s does not differentiate graphs by itself; use Gradients.differentiate"
            .formatted(name()));
  }

  /** What writes graphs in a file format of this engine; empty if it has none. */
  default Optional<GraphExporter> exporter() {
    return Optional.empty();
  }

  /** Closes the graphs that are still open, newest first, then the engine. Idempotent. */
  @Override
  void close();
}
