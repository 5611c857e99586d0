package org.bertology.api.model;

import java.util.function.UnaryOperator;
import org.bertology.api.graph.Value;

/** The nonlinearity of feed-forward networks. */
public enum Activation {
  GELU(Value::gelu),
  /** GELU by its tanh approximation. */
  GELU_TANH(Value::geluTanh),
  RELU(Value::relu),
  /** x · sigmoid(x), also called swish; by sigmoid(x) = (1 + tanh(x / 2)) / 2. */
  SILU(x -> x.mul(x.mul(0.5).tanh().add(1)).mul(0.5)),
  TANH(Value::tanh);

  private final UnaryOperator<Value> function;

  Activation(UnaryOperator<Value> function) {
    this.function = function;
  }

  Value of(Value x) {
    return function.apply(x);
  }
}
