package org.bertology.core.model;

import java.util.Map;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.Tensor;

/**
 * A compiled graph that its model closes unless somebody did before. A model may compile one graph
 * after the other, so it must not keep those that are closed.
 */
final class OwnedGraph implements CompiledGraph {
  private final CompiledGraph graph;
  private final Lifetime owner;

  OwnedGraph(CompiledGraph graph, Lifetime owner) {
    this.graph = graph;
    this.owner = owner;
  }

  @Override
  public Map<String, TensorType> inputs() {
    return graph.inputs();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return graph.run(inputs);
  }

  @Override
  public void close() {
    graph.close();
    owner.forget(this);
  }
}
