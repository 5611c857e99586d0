package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** A place in a checkpoint's hierarchy of names. */
record Scope(GraphBuilder graph, String prefix) {
  Scope in(String name) {
    return new Scope(graph, prefix + name + ".");
  }

  Value parameter(String name, Object... shape) {
    return graph.parameter(prefix + name, Shape.of(shape));
  }

  /** {@code x·Wᵀ + b} with {@code weight} {@code [width, x's width]} and {@code bias}. */
  Value linear(Value x, long width) {
    return x.linear(parameter("weight", width, x.shape().last()), parameter("bias", width));
  }

  /** Layer normalisation with {@code weight} as scale and {@code bias}. */
  Value layerNorm(Value x, double epsilon) {
    Dim width = x.shape().last();
    return x.layerNorm(parameter("weight", width), parameter("bias", width), epsilon);
  }

  /** Rows of the table {@code weight}. */
  Value embedding(Value indices, long rows, long width) {
    return parameter("weight", rows, width).gather(indices);
  }
}
