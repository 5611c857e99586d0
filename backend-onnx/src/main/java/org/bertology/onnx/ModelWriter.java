package org.bertology.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.TensorType;
import org.bertology.onnx.OnnxProto.ElementCode;

/** The parts of one ONNX model as they are collected, with names that are unique in it. */
final class ModelWriter {
  private final Elements elements;
  private final Set<String> names = new HashSet<>();
  private final Map<Object, String> constants = new HashMap<>();
  private final List<WireMessage> nodes = new ArrayList<>();
  private final List<WireMessage> initializers = new ArrayList<>();
  private final List<WireMessage> inputs = new ArrayList<>();
  private final List<WireMessage> outputs = new ArrayList<>();
  private final List<WireMessage> intermediates = new ArrayList<>();

  ModelWriter(Elements elements) {
    this.elements = elements;
  }

  /** The wanted name, or with a number behind it where that is taken. */
  String unique(String wanted) {
    String name = wanted;
    for (int count = 2; !names.add(name); count++) {
      name = wanted + "." + count;
    }
    return name;
  }

  int nodeCount() {
    return nodes.size();
  }

  String input(String name, TensorType type) {
    String tensor = unique(name);
    inputs.add(OnnxProto.valueInfo(tensor, elements.code(type.element()), type.shape()));
    return tensor;
  }

  void output(String tensor, TensorType type) {
    outputs.add(OnnxProto.valueInfo(tensor, elements.code(type.element()), type.shape()));
  }

  /** Appends a node of ONNX's own domain and returns the name of its result. */
  String node(
      String operator,
      String scope,
      List<String> operands,
      ElementCode code,
      Shape shape,
      WireMessage... attributes) {
    return node("", operator, scope, operands, code, shape, attributes);
  }

  /** Appends a node named {@code scope/operator} and returns the name of its result. */
  String node(
      String domain,
      String operator,
      String scope,
      List<String> operands,
      ElementCode code,
      Shape shape,
      WireMessage... attributes) {
    String name = unique(scope + "/" + operator);
    nodes.add(OnnxProto.node(domain, operator, name, operands, name, Arrays.asList(attributes)));
    intermediates.add(OnnxProto.valueInfo(name, code, shape));
    return name;
  }

  /** A node that gives a tensor under another name, which was {@link #unique} before. */
  void rename(String tensor, String name) {
    nodes.add(OnnxProto.node("", "Identity", name + "/Identity", List.of(tensor), name, List.of()));
  }

  void initializer(WireMessage tensor) {
    initializers.add(tensor);
  }

  /** A floating-point constant of rank 0. */
  String scalar(double value) {
    return constants.computeIfAbsent(
        value,
        key -> {
          String name = unique("constant/" + value);
          initializer(
              OnnxProto.tensor(name, elements.floating(), new long[0], elements.bytes(value)));
          return name;
        });
  }

  /** An integer constant of rank 1. */
  String integers(long... values) {
    return constants.computeIfAbsent(
        Arrays.stream(values).boxed().toList(),
        key -> {
          String name = unique("constant/" + key);
          initializer(OnnxProto.tensor(name, values));
          return name;
        });
  }

  /** The integer constants {@code dims}, which are literal. */
  String literals(List<Dim> dims) {
    return integers(dims.stream().mapToLong(Dim::factor).toArray());
  }

  WireMessage graph() {
    return OnnxProto.graph("bertology", nodes, initializers, inputs, outputs, intermediates);
  }
}
