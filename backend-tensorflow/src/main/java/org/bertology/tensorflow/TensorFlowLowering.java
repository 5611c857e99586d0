package org.bertology.tensorflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.HookLabels;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.tensorflow.LoweredGraph.Variable;
import org.bertology.tensorflow.SavedGraph.SavedVariable;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Writes what some outputs of a graph depend on as a TensorFlow graph, with the engine's own
 * gradients where they are asked for.
 *
 * <p>A broadcast becomes a node only if somebody needs its result in full: TensorFlow's elementwise
 * operators broadcast by themselves, and their gradients sum again. Between a loss and what it is
 * differentiated by, operators are chosen by their gradients: those of LogSoftmax (above rank 2)
 * and of Maximum and Minimum (at ties) are wrong in TensorFlow, and are not used there.
 */
final class TensorFlowLowering {
  private static final double SQRT_HALF = Math.sqrt(0.5);

  private final NodeWriter writer;
  private final Elements elements;
  private final SymbolicShapes shapes;
  private final HookLabels labels;

  /** What is differentiated by: consumers must read the tensor that stands for exactly this. */
  private final Set<Value> targets;

  /** Whether nodes are written that the engine differentiates. */
  private boolean differentiated;

  private final Map<Value, Output<?>> tensors = new HashMap<>();
  private final Map<String, Output<?>> inputs = new LinkedHashMap<>();
  private final Map<String, Variable> variables = new LinkedHashMap<>();

  /** Whether variables get their values from a file, and not from feeds. */
  private final boolean saved;

  private final List<SavedVariable> savedVariables = new ArrayList<>();

  private TensorFlowLowering(
      NodeWriter writer, Elements elements, HookLabels labels, Set<Value> targets, boolean saved) {
    this.writer = writer;
    this.saved = saved;
    this.elements = elements;
    this.shapes = new SymbolicShapes(writer);
    this.labels = labels;
    this.targets = targets;
  }

  /**
   * The lowered form of the given outputs.
   *
   * @throws IllegalArgumentException if an output is unknown, or a shape needs the extent of a
   *     symbol that no input gives
   */
  static LoweredGraph lower(
      Graph graph, Collection<String> outputs, NodeWriter writer, Elements elements) {
    List<Value> nodes = graph.nodes(outputs);
    TensorFlowLowering lowering =
        new TensorFlowLowering(writer, elements, new HookLabels(graph, nodes), Set.of(), false);
    lowering.addInputs(nodes, Set.of());
    nodes.forEach(lowering::add);
    return lowering.finish(graph, outputs);
  }

  /**
   * The same with gradients by the engine.
   *
   * @throws IllegalArgumentException also if the loss depends on one of the gradients
   */
  static LoweredGraph lower(
      Graph graph,
      Collection<String> outputs,
      Differentiation differentiation,
      NodeWriter writer,
      Elements elements) {
    List<Value> nodes = graph.nodes(all(outputs, differentiation));
    Set<Value> targets = new LinkedHashSet<>();
    differentiation.withRespectTo().forEach(name -> targets.add(graph.value(name)));
    TensorFlowLowering lowering =
        new TensorFlowLowering(writer, elements, new HookLabels(graph, nodes), targets, false);
    lowering.addInputs(nodes, Set.copyOf(differentiation.gradients()));
    lowering.addGradients(graph, differentiation, nodes);
    nodes.forEach(lowering::add);
    return lowering.finish(graph, outputs);
  }

  /** The form of a file, whose variables are still without values. */
  static SavedGraph file(GraphExport export, NodeWriter writer, Elements elements) {
    List<Value> nodes = export.nodes();
    HookLabels labels = new HookLabels(export.graph(), nodes);
    TensorFlowLowering lowering = new TensorFlowLowering(writer, elements, labels, Set.of(), true);
    lowering.addInputs(nodes, Set.of());
    nodes.forEach(lowering::add);
    Map<String, Output<?>> results = new LinkedHashMap<>();
    for (String name : export.outputs()) {
      // A tensor of its own for each: TensorFlow cannot return one twice.
      Output<?> tensor = lowering.tensor(export.graph().value(name));
      results.put(name, writer.node("Identity", name, tensor));
    }
    return new SavedGraph(lowering.inputs, results, lowering.savedVariables);
  }

  /** The names of everything that outputs and gradients depend on. */
  static List<String> all(Collection<String> outputs, Differentiation differentiation) {
    Set<String> names = new LinkedHashSet<>(outputs);
    names.add(differentiation.loss());
    names.addAll(differentiation.withRespectTo());
    return List.copyOf(names);
  }

  private void addInputs(List<Value> nodes, Set<String> gradients) {
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input && !gradients.contains(input.name())) {
        Output<?> placeholder =
            placeholder(input.name(), elements.type(node.type().element()), node.shape());
        inputs.put(input.name(), placeholder);
        shapes.readFrom(placeholder, node.shape());
        tensors.put(node, separate(node, placeholder));
      }
    }
  }

  private Output<?> placeholder(String name, DataType type, Shape shape) {
    return writer.node(
        "Placeholder",
        name,
        node -> node.setAttr("dtype", type).setAttr("shape", staticShape(shape)));
  }

  private static org.tensorflow.ndarray.Shape staticShape(Shape shape) {
    return org.tensorflow.ndarray.Shape.of(
        shape.dims().stream().mapToLong(dim -> dim.isLiteral() ? dim.factor() : -1).toArray());
  }

  private void add(Value node) {
    if (!(node.op() instanceof Op.Broadcast) || targets.contains(node)) {
      tensor(node);
    }
  }

  // --- gradients

  private void addGradients(Graph graph, Differentiation differentiation, List<Value> nodes) {
    Value loss = graph.value(differentiation.loss());
    List<Value> forward = forward(loss, differentiation.gradients());
    differentiated = true;
    forward.forEach(this::add);
    differentiated = false;
    Map<Value, Output<?>> gradients = gradients(tensor(loss), flowing(loss, forward));
    Map<String, Value> places = new HashMap<>();
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input) {
        places.put(input.name(), node);
      }
    }
    for (String name : differentiation.withRespectTo()) {
      Value place = places.get(Gradients.nameOf(name));
      if (place != null) {
        Output<?> gradient = gradients.get(graph.value(name));
        tensors.put(place, gradient == null ? zeros(place) : gradient);
      }
    }
  }

  private List<Value> forward(Value loss, List<String> gradients) {
    Set<Value> roots = new LinkedHashSet<>(targets);
    roots.add(loss);
    List<Value> forward = Graph.reachable(roots);
    for (Value node : forward) {
      if (node.op() instanceof Op.Input input && gradients.contains(input.name())) {
        throw new IllegalArgumentException(
            "'%s' is needed before it is there, by its own loss or what that is differentiated by; use Gradients.differentiate for one of them"
                .formatted(input.name()));
      }
    }
    return forward;
  }

  /** The nodes from which a gradient of the loss flows back, itself included. */
  private static Set<Value> flowing(Value loss, List<Value> forward) {
    Set<Value> flowing = new HashSet<>(Set.of(loss));
    for (int i = forward.size() - 1; i >= 0; i--) {
      Value node = forward.get(i);
      if (flowing.contains(node) && passesGradients(node)) {
        node.operands().stream().filter(v -> v.type().isFloat()).forEach(flowing::add);
      }
    }
    return flowing;
  }

  private static boolean passesGradients(Value node) {
    return node.type().isFloat()
        && !(node.op() instanceof Op.StopGradient)
        && !(node.op() instanceof Op.Unary unary && unary.kind() == Op.UnaryKind.SIGN);
  }

  /**
   * The gradients of those targets that have one. TensorFlow must not be asked for others: it
   * fails, or answers with nothing that fails later with a misleading message.
   */
  private Map<Value, Output<?>> gradients(Output<?> loss, Set<Value> flowing) {
    List<Value> reached = targets.stream().filter(flowing::contains).toList();
    Map<Value, Output<?>> gradients = new HashMap<>();
    if (!reached.isEmpty()) {
      Output<?>[] results =
          writer
              .graph()
              .addGradients(
                  "gradients",
                  new Output<?>[] {loss},
                  reached.stream().map(this::tensor).toArray(Output<?>[]::new),
                  null);
      for (int i = 0; i < results.length; i++) {
        gradients.put(reached.get(i), results[i]);
      }
    }
    return gradients;
  }

  private Output<?> zeros(Value value) {
    return writer.node("Fill", labels.of(value), shapes.vector(value.shape()), writer.scalar(0));
  }

  // --- outputs

  private LoweredGraph finish(Graph graph, Collection<String> outputs) {
    Map<String, Output<?>> results = new LinkedHashMap<>();
    for (String name : outputs) {
      Value value = graph.value(name);
      Output<?> tensor = tensor(value);
      // TensorFlow refuses to return what it was given.
      boolean given = value.op() instanceof Op.Input || inputs.containsValue(tensor);
      results.put(name, given ? writer.node("Identity", name, tensor) : tensor);
    }
    return new LoweredGraph(inputs, results, variables, writer.hooks());
  }

  /** The tensor that holds a value in its full shape. */
  private Output<?> tensor(Value value) {
    Output<?> known = tensors.get(value);
    if (known == null) {
      known = separate(value, value.op().accept(new NodeLowering(value)));
      tensors.put(value, known);
    }
    return known;
  }

  /** A target's tensor must not be another value's too, whose gradient it would get. */
  private Output<?> separate(Value value, Output<?> tensor) {
    return targets.contains(value) ? writer.node("Identity", labels.of(value), tensor) : tensor;
  }

  private Value withoutBroadcast(Value value) {
    return value.op() instanceof Op.Broadcast && !targets.contains(value)
        ? withoutBroadcast(value.operand(0))
        : value;
  }

  private Output<?> parameter(Op.Parameter op) {
    DataType type = elements.floating();
    Output<?> handle =
        writer.node(
            "VarHandleOp",
            op.name(),
            node ->
                node.setAttr("dtype", type)
                    .setAttr("shape", staticShape(op.shape()))
                    .setAttr("shared_name", op.name()));
    Output<?> read =
        writer.node("ReadVariableOp", op.name(), node -> node.setAttr("dtype", type), handle);
    if (saved) {
      savedVariables.add(new SavedVariable(op.name(), handle, read));
    } else {
      variables.put(op.name(), assigned(op, type, handle));
    }
    return read;
  }

  private Variable assigned(Op.Parameter op, DataType type, Output<?> handle) {
    Output<?> value = placeholder(op.name(), type, op.shape());
    Operation assign =
        writer.operation(
            "AssignVariableOp",
            op.name(),
            node -> node.setAttr("dtype", type).setAttr("validate_shape", true),
            handle,
            value);
    return new Variable(value, assign);
  }

  /** What one node becomes; each method gives the tensor that holds the result. */
  private final class NodeLowering implements Op.Visitor<Output<?>> {
    private final Value node;
    private final String scope;

    NodeLowering(Value node) {
      this.node = node;
      this.scope = labels.of(node);
    }

    private Output<?> operand(int index) {
      return tensor(node.operand(index));
    }

    private Shape shape(int index) {
      return node.operand(index).shape();
    }

    private Output<?> emit(String type, Output<?>... operands) {
      return writer.node(type, scope, operands);
    }

    /** An operator on the operands as they were before broadcasts. */
    private Output<?> emitBroadcasting(String type) {
      return emit(type, broadcastingOperands().toArray(Output<?>[]::new));
    }

    /** The operands as they were before broadcasts, which together still give the full shape. */
    private List<Output<?>> broadcastingOperands() {
      List<Value> narrow =
          node.operands().stream().map(TensorFlowLowering.this::withoutBroadcast).toList();
      Shape common = narrow.stream().map(Value::shape).reduce(Shape.SCALAR, Shape::broadcast);
      List<Output<?>> operands = new ArrayList<>();
      narrow.forEach(value -> operands.add(tensor(value)));
      if (!common.equals(node.shape())) {
        operands.set(0, operand(0));
      }
      return operands;
    }

    @Override
    public Output<?> visit(Op.Input op) {
      // Inputs are there before everything else; what is left are gradients that nobody added.
      throw new IllegalStateException("input '%s' has no placeholder".formatted(op.name()));
    }

    @Override
    public Output<?> visit(Op.Parameter op) {
      return parameter(op);
    }

    @Override
    public Output<?> visit(Op.Scalar op) {
      return writer.scalar(op.value());
    }

    @Override
    public Output<?> visit(Op.DimSize op) {
      return cast(shapes.extent(op.dim()), elements.floating());
    }

    private Output<?> cast(Output<?> operand, DataType type) {
      return writer.node("Cast", scope, cast -> cast.setAttr("DstT", type), operand);
    }

    @Override
    public Output<?> visit(Op.Unary op) {
      return switch (op.kind()) {
        case NEG -> emit("Neg", operand(0));
        case ABS -> emit("Abs", operand(0));
        case SIGN -> emit("Sign", operand(0));
        case EXP -> emit("Exp", operand(0));
        case LOG -> emit("Log", operand(0));
        case SQRT -> emit("Sqrt", operand(0));
        case TANH -> emit("Tanh", operand(0));
        case ERF -> emit("Erf", operand(0));
        case GELU -> gelu();
      };
    }

    /** {@code x·Φ(x)}; the symbolic gradient uses the same Φ. */
    private Output<?> gelu() {
      if (differentiated) {
        Output<?> erf = emit("Erf", emit("Mul", operand(0), writer.scalar(SQRT_HALF)));
        Output<?> twice = emit("AddV2", erf, writer.scalar(1));
        return emit("Mul", operand(0), emit("Mul", twice, writer.scalar(0.5)));
      }
      Value x = node.operand(0);
      return parts(x.mul(x.mul(SQRT_HALF).erf().add(1).mul(0.5)));
    }

    /** A composite of other values, which other nodes may have in common with this one. */
    private Output<?> parts(Value composite) {
      labels.inherit(composite, scope);
      return tensor(composite);
    }

    @Override
    public Output<?> visit(Op.Binary op) {
      return switch (op.kind()) {
        case ADD -> emitBroadcasting("AddV2");
        case SUB -> emitBroadcasting("Sub");
        case MUL -> emitBroadcasting("Mul");
        case DIV -> emitBroadcasting("RealDiv");
        case MAXIMUM -> differentiated ? extreme(false) : emitBroadcasting("Maximum");
        case MINIMUM -> differentiated ? extreme(true) : emitBroadcasting("Minimum");
      };
    }

    /** The less or the larger; at a tie half of each, which shares the gradient as it should be. */
    private Output<?> extreme(boolean least) {
      List<Output<?>> operands = broadcastingOperands();
      Output<?> a = operands.get(0);
      Output<?> b = operands.get(1);
      Output<?> half = writer.scalar(0.5);
      Output<?> tie = emit("AddV2", emit("Mul", a, half), emit("Mul", b, half));
      Output<?> otherwise = emit("SelectV2", emit("Less", a, b), least ? a : b, tie);
      return emit("SelectV2", emit("Less", b, a), least ? b : a, otherwise);
    }

    @Override
    public Output<?> visit(Op.Compare op) {
      return switch (op.kind()) {
        case EQUAL -> emitBroadcasting("Equal");
        case LESS -> emitBroadcasting("Less");
      };
    }

    @Override
    public Output<?> visit(Op.Where op) {
      return emitBroadcasting("SelectV2");
    }

    @Override
    public Output<?> visit(Op.Cast op) {
      return cast(operand(0), elements.type(op.element()));
    }

    @Override
    public Output<?> visit(Op.StopGradient op) {
      return emit("StopGradient", operand(0));
    }

    @Override
    public Output<?> visit(Op.Reshape op) {
      return emit("Reshape", operand(0), shapes.reshapeTarget(op.shape()));
    }

    @Override
    public Output<?> visit(Op.Transpose op) {
      int[] axes = op.axes().stream().mapToInt(Integer::intValue).toArray();
      return emit("Transpose", operand(0), writer.integers(axes));
    }

    @Override
    public Output<?> visit(Op.Broadcast op) {
      return emit("BroadcastTo", operand(0), shapes.vector(op.shape()));
    }

    @Override
    public Output<?> visit(Op.Slice op) {
      int rank = node.shape().rank();
      Output<?> begin = shapes.at(op.axis(), rank, Math.toIntExact(op.start()), 0);
      Output<?> size =
          op.length().isLiteral()
              ? shapes.at(op.axis(), rank, Math.toIntExact(op.length().factor()), -1)
              : shapes.at(op.axis(), rank, shapes.extent(op.length()), -1);
      return emit("Slice", operand(0), begin, size);
    }

    @Override
    public Output<?> visit(Op.Pad op) {
      int rank = node.shape().rank();
      Output<?> before = writer.integer(Math.toIntExact(op.before()));
      Output<?> extents = emit("AddV2", shapes.extent(shape(0).dim(op.axis())), before);
      Output<?> after = emit("Sub", shapes.extent(op.size()), extents);
      Output<?> paddings =
          writer.listNode(
              "Pack",
              scope,
              pack -> pack.setAttr("axis", 1L),
              List.of(shapes.at(op.axis(), rank, before, 0), shapes.at(op.axis(), rank, after, 0)));
      return emit("Pad", operand(0), paddings);
    }

    @Override
    public Output<?> visit(Op.Concat op) {
      if (node.operands().size() == 1) {
        return operand(0);
      }
      List<Output<?>> operands = new ArrayList<>();
      node.operands().forEach(value -> operands.add(tensor(value)));
      return writer.listNode(
          "ConcatV2", scope, concat -> concat, operands, writer.integer(op.axis()));
    }

    @Override
    public Output<?> visit(Op.Reduce op) {
      String type =
          switch (op.kind()) {
            case SUM -> "Sum";
            case MAX -> "Max";
          };
      return reduce(type, operand(0), op.axis());
    }

    private Output<?> reduce(String type, Output<?> x, int axis) {
      return writer.node(
          type, scope, reduce -> reduce.setAttr("keep_dims", true), x, writer.integers(axis));
    }

    @Override
    public Output<?> visit(Op.MatMul op) {
      Output<?> left = operand(0);
      Output<?> right = operand(1);
      return node.shape().rank() == 2
          ? product(left, right, op.transposeLeft(), op.transposeRight())
          : writer.node(
              "BatchMatMulV2",
              scope,
              matmul ->
                  matmul.setAttr("adj_x", op.transposeLeft()).setAttr("adj_y", op.transposeRight()),
              left,
              right);
    }

    private Output<?> product(
        Output<?> left, Output<?> right, boolean leftTurned, boolean rightTurned) {
      return writer.node(
          "MatMul",
          scope,
          matmul -> matmul.setAttr("transpose_a", leftTurned).setAttr("transpose_b", rightTurned),
          left,
          right);
    }

    /** On rows, because a product of matrices is the engine's fastest. */
    @Override
    public Output<?> visit(Op.Linear op) {
      boolean matrix = node.shape().rank() == 2;
      Output<?> x = matrix ? operand(0) : rows(operand(0), shape(0));
      Output<?> product = product(x, operand(1), false, !op.transposed());
      Output<?> sum = node.operands().size() == 3 ? emit("BiasAdd", product, operand(2)) : product;
      return matrix ? sum : emit("Reshape", sum, shapes.reshapeTarget(node.shape()));
    }

    private Output<?> rows(Output<?> x, Shape shape) {
      Shape rows = Shape.of(shape.slice(0, shape.rank() - 1).size(), shape.last());
      return emit("Reshape", x, shapes.reshapeTarget(rows));
    }

    @Override
    public Output<?> visit(Op.Softmax op) {
      return emit("Softmax", operand(0));
    }

    /**
     * By its parts; TensorFlow has no such operator. Where the engine differentiates, they are this
     * node's own, as a target that is equal to one of them must not get its gradient; elsewhere the
     * symbolic gradient uses the same.
     */
    @Override
    public Output<?> visit(Op.LayerNorm op) {
      Value x = node.operand(0);
      if (!differentiated) {
        return parts(x.normalized(op.epsilon()).mul(node.operand(1)).add(node.operand(2)));
      }
      int last = x.shape().rank() - 1;
      Output<?> centred = emit("Sub", operand(0), reduce("Mean", operand(0), last));
      Output<?> variance = reduce("Mean", emit("Square", centred), last);
      Output<?> deviation = emit("Sqrt", emit("AddV2", variance, writer.scalar(op.epsilon())));
      Output<?> scaled = emit("Mul", emit("RealDiv", centred, deviation), operand(1));
      return emit("AddV2", scaled, operand(2));
    }

    @Override
    public Output<?> visit(Op.Gather op) {
      return emit("GatherV2", operand(0), operand(1), writer.integer(0));
    }

    @Override
    public Output<?> visit(Op.ScatterAdd op) {
      Output<?> indices = emit("ExpandDims", operand(0), writer.integer(-1));
      Output<?> shape = cast(shapes.vector(node.shape()), DataType.DT_INT64);
      return emit("ScatterNd", indices, operand(1), shape);
    }
  }
}
