package org.bertology.tensorflow;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.DType;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TString;

/** Appends nodes to a TensorFlow graph, under unique names that lead back to hooks. */
final class NodeWriter {
  private final Graph graph;
  private final Elements elements;
  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<String, String> hooks = new HashMap<>();
  private final Map<List<Object>, Output<?>> constants = new HashMap<>();

  NodeWriter(Graph graph, Elements elements) {
    this.graph = graph;
    this.elements = elements;
  }

  Graph graph() {
    return graph;
  }

  /** The hook that was given for each node, by the node's name. */
  Map<String, String> hooks() {
    return Map.copyOf(hooks);
  }

  /**
   * A node with one output.
   *
   * @param hook the nearest hook
   */
  Output<?> node(String type, String hook, Output<?>... operands) {
    return node(type, hook, node -> node, operands);
  }

  Output<?> node(
      String type, String hook, UnaryOperator<OperationBuilder> attributes, Output<?>... operands) {
    return operation(type, hook, attributes, operands).output(0);
  }

  Operation operation(
      String type, String hook, UnaryOperator<OperationBuilder> attributes, Output<?>... operands) {
    OperationBuilder node = open(type, hook + "/" + type, hook);
    for (Output<?> operand : operands) {
      node.addInput(operand);
    }
    return attributes.apply(node).build();
  }

  /** A node whose first operand is a list. */
  Output<?> listNode(
      String type,
      String hook,
      UnaryOperator<OperationBuilder> attributes,
      List<Output<?>> operands,
      Output<?>... more) {
    OperationBuilder node = open(type, hook + "/" + type, hook);
    node.addInputList(operands.toArray(Output<?>[]::new));
    for (Output<?> operand : more) {
      node.addInput(operand);
    }
    return attributes.apply(node).build().output(0);
  }

  private OperationBuilder open(String type, String wish, String hook) {
    String name = unique(wish);
    hooks.put(name, hook);
    return graph.opBuilder(type, name, graph.baseScope());
  }

  /** Names in TensorFlow are of certain letters, and begin with fewer. */
  private String unique(String wish) {
    String name = wish.replaceAll("[^A-Za-z0-9_.\\-/]", "_").replaceFirst("^[^A-Za-z0-9.]", ".");
    int before = taken.merge(name, 1, Integer::sum) - 1;
    return before == 0 ? name : unique(name + "_" + before);
  }

  /** A FLOAT constant of rank 0. */
  Output<?> scalar(double value) {
    DType type = elements.host(ElementType.FLOAT);
    return constant(
        List.of(value),
        elements.floating(),
        org.bertology.api.tensor.Tensor.of(new double[] {value}),
        type);
  }

  /** An INT32 constant of rank 0. */
  Output<?> integer(int value) {
    return constant(
        List.of(value),
        DataType.DT_INT32,
        org.bertology.api.tensor.Tensor.of(new int[] {value}),
        DType.I32);
  }

  /** An INT32 constant of rank 1. */
  Output<?> integers(int... values) {
    return constant(
        List.of(values.length, Arrays.stream(values).boxed().toList()),
        DataType.DT_INT32,
        org.bertology.api.tensor.Tensor.of(values, values.length),
        DType.I32);
  }

  /** A constant of texts. */
  Output<?> text(String hook, TString value) {
    return node(
        "Const", hook, node -> node.setAttr("dtype", DataType.DT_STRING).setAttr("value", value));
  }

  private Output<?> constant(
      List<Object> key, DataType type, org.bertology.api.tensor.Tensor value, DType host) {
    Output<?> known = constants.get(key);
    if (known == null) {
      try (Tensor tensor = NativeTensors.copyIn(value, host)) {
        known =
            node("Const", "constant", node -> node.setAttr("dtype", type).setAttr("value", tensor));
      }
      constants.put(key, known);
    }
    return known;
  }
}
