package org.bertology.api.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where values are made. Append-only: values never change, and asking twice for the same operation
 * on the same operands gives the same value. Thread-safe.
 */
public final class GraphBuilder {
  private record Key(Op op, List<Value> operands) {}

  private final List<Value> values = new ArrayList<>();
  private final Map<Key, Value> known = new HashMap<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private final Map<String, Value> names = new LinkedHashMap<>();

  /**
   * The input of this name, made on first use.
   *
   * @throws IllegalArgumentException if it was made before with another type
   */
  public synchronized Value input(String name, ElementType element, Shape shape) {
    Op.Input op = new Op.Input(name, new TensorType(element, shape));
    return leaf(inputs, "input", name, op);
  }

  /**
   * The parameter of this name, made on first use: layers that share a name share the weight, and
   * its gradients add up.
   *
   * @throws IllegalArgumentException if it was made before with another shape
   */
  public synchronized Value parameter(String name, Shape shape) {
    return leaf(parameters, "parameter", name, new Op.Parameter(name, shape));
  }

  private Value leaf(Map<String, Value> leaves, String kind, String name, Op op) {
    Value value = append(op);
    Value before = leaves.putIfAbsent(name, value);
    if (before != null && before != value) {
      throw new IllegalArgumentException(
          "%s '%s' is %s already, now %s; use one type per name"
              .formatted(kind, name, before.type(), value.type()));
    }
    return value;
  }

  /** A FLOAT constant of rank 0. */
  public Value scalar(double value) {
    return append(new Op.Scalar(value));
  }

  /** The extent of a dimension as a FLOAT of rank 0. */
  public Value size(Dim dim) {
    return dim.isLiteral() ? scalar(dim.factor()) : append(new Op.DimSize(dim));
  }

  /** A FLOAT value with the same number everywhere. */
  public Value filled(double value, Shape shape) {
    return scalar(value).broadcast(shape);
  }

  public Value concat(int axis, List<Value> operands) {
    if (operands.size() == 1) {
      return operands.get(0);
    }
    int fromFront = operands.isEmpty() ? axis : operands.get(0).shape().axis(axis);
    return append(new Op.Concat(fromFront), operands.toArray(Value[]::new));
  }

  /**
   * The value of an operation on operands of this builder.
   *
   * @throws IllegalArgumentException if the operands do not fit or belong to another builder
   */
  public synchronized Value append(Op op, Value... operands) {
    List<Value> list = List.of(operands);
    for (Value operand : list) {
      if (operand.graph() != this) {
        throw new IllegalArgumentException(
            "%s mixes values of two graphs: %s belongs to another builder"
                .formatted(op.title(), operand));
      }
    }
    Key key = new Key(op, list);
    Value existing = known.get(key);
    if (existing != null) {
      return existing;
    }
    TensorType type = op.infer(list.stream().map(Value::type).toList());
    Value value = new Value(this, values.size(), op, list, type);
    values.add(value);
    known.put(key, value);
    return value;
  }

  /**
   * Names a value.
   *
   * @throws IllegalArgumentException if the name is taken by another value
   */
  public synchronized void name(String name, Value value) {
    Value before = names.putIfAbsent(name, value);
    if (before != null && before != value) {
      throw new IllegalArgumentException(
          "two values are named '%s'; hook names are unique".formatted(name));
    }
  }

  /** The value of this name, if there is one already. */
  public synchronized Optional<Value> named(String name) {
    return Optional.ofNullable(names.get(name));
  }

  /** The graph of all names given so far. */
  public synchronized Graph build() {
    return new Graph(names);
  }
}
