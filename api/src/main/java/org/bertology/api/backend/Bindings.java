package org.bertology.api.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.TensorType;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * The checks that come before an engine sees anything: engines answer a wrong shape with an obscure
 * message, and an index outside a table with a wrong number or the end of the process.
 */
public final class Bindings {
  private final Map<String, TensorType> inputs = new LinkedHashMap<>();

  /** Lookups whose indices are an input, or an input's entries moved about. */
  private final Map<Value, String> lookups = new LinkedHashMap<>();

  /** Slices and pads about which only a run's extents tell whether they fit. */
  private final List<Value> cuts = new ArrayList<>();

  private Bindings(List<Value> nodes) {
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input) {
        inputs.put(input.name(), input.type());
      }
      rememberIndices(node);
      if (isCut(node.op()) && !(isLiteral(node.shape()) && isLiteral(node.operand(0).shape()))) {
        cuts.add(node);
      }
    }
  }

  private static boolean isCut(Op op) {
    return op instanceof Op.Slice || op instanceof Op.Pad;
  }

  private static boolean isLiteral(Shape shape) {
    return shape.dims().stream().allMatch(Dim::isLiteral);
  }

  /** The checks for what the given outputs of a graph depend on. */
  public static Bindings of(Graph graph, Collection<String> outputs) {
    return new Bindings(graph.nodes(outputs));
  }

  /** The same, where the backend computes gradients by itself: they are no inputs. */
  public static Bindings of(
      Graph graph, Collection<String> outputs, Differentiation differentiation) {
    List<String> all = new ArrayList<>(outputs);
    all.add(differentiation.loss());
    all.addAll(differentiation.withRespectTo());
    Bindings bindings = of(graph, all);
    bindings.inputs.keySet().removeAll(differentiation.gradients());
    return bindings;
  }

  private void rememberIndices(Value node) {
    int operand = node.op() instanceof Op.Gather ? 1 : node.op() instanceof Op.ScatterAdd ? 0 : -1;
    if (operand >= 0 && source(node.operand(operand)).op() instanceof Op.Input input) {
      lookups.put(node, input.name());
    }
  }

  private static Value source(Value value) {
    boolean moved =
        value.op() instanceof Op.Reshape
            || value.op() instanceof Op.Transpose
            || value.op() instanceof Op.Broadcast
            || value.op() instanceof Op.Slice;
    return moved ? source(value.operand(0)) : value;
  }

  public Map<String, TensorType> inputs() {
    return Map.copyOf(inputs);
  }

  /**
   * Checks the tensors of one run.
   *
   * @return the value of each symbol
   * @throws IllegalArgumentException naming the input: what, got, expected; or the operation, if a
   *     slice or padding lies outside the extents of this run
   */
  public Map<String, Long> check(Map<String, Tensor> tensors) {
    for (String name : tensors.keySet()) {
      if (!inputs.containsKey(name)) {
        throw new IllegalArgumentException(
            "this graph has no input '%s'; it takes %s".formatted(name, inputs.keySet()));
      }
    }
    Map<String, Long> symbols = new HashMap<>();
    Map<String, String> givenBy = new HashMap<>();
    inputs.forEach(
        (name, type) -> {
          Tensor tensor = tensors.get(name);
          if (tensor == null) {
            throw new IllegalArgumentException(
                "input '%s' %s is missing; given: %s".formatted(name, type, tensors.keySet()));
          }
          checkType(name, type, tensor);
          checkShape(name, type.shape(), tensor, symbols, givenBy);
        });
    inputs.forEach((name, type) -> checkProducts(name, type.shape(), tensors, symbols));
    cuts.forEach(node -> checkCut(node, symbols));
    lookups.forEach((node, name) -> checkIndices(name, node, tensors, symbols));
    return symbols;
  }

  private static void checkType(String name, TensorType type, Tensor tensor) {
    DType got = tensor.type();
    boolean fits =
        switch (type.element()) {
          case FLOAT -> got.isFloating();
          case INT -> got.isInteger();
          case BOOL -> got == DType.BOOL;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "input '%s' must be %s, got %s".formatted(name, type, tensor));
    }
  }

  private static void checkShape(
      String name,
      Shape shape,
      Tensor tensor,
      Map<String, Long> symbols,
      Map<String, String> givenBy) {
    boolean fits = tensor.rank() == shape.rank();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      Dim dim = shape.dim(axis);
      long extent = tensor.extent(axis);
      if (dim.isLiteral()) {
        fits = extent == dim.factor();
      } else if (dim.symbols().size() == 1 && dim.factor() == 1) {
        bind(dim.symbols().get(0), extent, name, symbols, givenBy);
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "input '%s' must have shape %s, got %s"
              .formatted(name, shape, Arrays.toString(tensor.shape())));
    }
  }

  private static void bind(
      String symbol,
      long extent,
      String name,
      Map<String, Long> symbols,
      Map<String, String> givenBy) {
    Long before = symbols.putIfAbsent(symbol, extent);
    if (before != null && before != extent) {
      throw new IllegalArgumentException(
          "'%s' is %d in input '%s' but %d in input '%s'"
              .formatted(symbol, before, givenBy.get(symbol), extent, name));
    }
    givenBy.putIfAbsent(symbol, name);
    if (extent == 0) {
      throw new IllegalArgumentException(
          "'%s' is 0 in input '%s'; there is nothing to compute".formatted(symbol, name));
    }
  }

  /** The axes whose extents are products of symbols, which other axes have bound by now. */
  private static void checkProducts(
      String name, Shape shape, Map<String, Tensor> tensors, Map<String, Long> symbols) {
    Tensor tensor = tensors.get(name);
    long[] expected = shape.bind(symbols);
    if (tensor != null && !Arrays.equals(tensor.shape(), expected)) {
      throw new IllegalArgumentException(
          "input '%s' must have shape %s, which is %s here, got %s"
              .formatted(name, shape, Arrays.toString(expected), Arrays.toString(tensor.shape())));
    }
  }

  /** The operation's own type rule, now that all extents are numbers. */
  private static void checkCut(Value node, Map<String, Long> symbols) {
    TensorType operand = node.operand(0).type();
    Op op = node.op();
    if (op instanceof Op.Slice slice) {
      op = new Op.Slice(slice.axis(), slice.start(), literal(slice.length(), symbols));
    } else if (op instanceof Op.Pad pad) {
      op = new Op.Pad(pad.axis(), pad.before(), literal(pad.size(), symbols));
    }
    List<Dim> extents = operand.shape().dims().stream().map(dim -> literal(dim, symbols)).toList();
    op.infer(List.of(operand.withShape(new Shape(extents))));
  }

  private static Dim literal(Dim dim, Map<String, Long> symbols) {
    return Dim.of(dim.bind(symbols));
  }

  private static void checkIndices(
      String name, Value node, Map<String, Tensor> tensors, Map<String, Long> symbols) {
    Dim rows = node.op() instanceof Op.ScatterAdd scatter ? scatter.rows() : node.operand(0).dim(0);
    long bound = rows.bind(symbols);
    Tensor tensor = tensors.get(name);
    long[] indices = tensor == null ? new long[0] : tensor.toLongs();
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0 || indices[i] >= bound) {
        throw new IllegalArgumentException(
            "input '%s' holds %d at position %d; it must lie in [0, %d)"
                .formatted(name, indices[i], i, bound));
      }
    }
  }

  /**
   * Checks that every parameter of the nodes is there, in the right shape.
   *
   * @return the names of the parameters, in the order of the nodes
   * @throws IllegalArgumentException naming all that are missing or differ
   */
  public static List<String> checkParameters(List<Value> nodes, Weights weights) {
    Map<String, Shape> parameters = new LinkedHashMap<>();
    for (Value node : nodes) {
      if (node.op() instanceof Op.Parameter parameter) {
        parameters.put(parameter.name(), parameter.shape());
      }
    }
    StringBuilder problems = new StringBuilder();
    parameters.forEach(
        (name, shape) -> {
          long[] expected = shape.bind(Map.of());
          if (!weights.names().contains(name)) {
            problems.append("; '%s' %s is missing".formatted(name, shape));
          } else if (!Arrays.equals(weights.shape(name), expected)) {
            problems.append(
                "; '%s' must be %s, got %s"
                    .formatted(name, shape, Arrays.toString(weights.shape(name))));
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("the weights do not fit the graph" + problems);
    }
    return List.copyOf(parameters.keySet());
  }

  /**
   * Whether a host tensor can hold an output; asked before the engine computes it.
   *
   * @return the bytes that it needs
   * @throws IllegalArgumentException if they are more than one tensor holds
   */
  public static int checkSize(String output, DType type, long[] shape) {
    double bytes = Arrays.stream(shape).asDoubleStream().reduce(type.bytes(), (a, b) -> a * b);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "output '%s' of %s %s needs %.0f bytes; one tensor holds at most %d; run smaller batches"
              .formatted(output, type, Arrays.toString(shape), bytes, Integer.MAX_VALUE));
    }
    return (int) bytes;
  }

  /** The element type that outputs of this kind have on the host. */
  public static DType hostType(ElementType element, Precision precision) {
    return switch (element) {
      case FLOAT -> precision == Precision.FLOAT64 ? DType.F64 : DType.F32;
      case INT -> DType.I64;
      case BOOL -> DType.BOOL;
    };
  }
}
