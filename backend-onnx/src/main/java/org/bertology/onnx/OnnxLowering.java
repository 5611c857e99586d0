package org.bertology.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.HookLabels;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.TensorType;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Weights;
import org.bertology.onnx.OnnxProto.ElementCode;

/**
 * Writes what some outputs of a graph depend on as an ONNX model.
 *
 * <p>Every intermediate is declared with its shape, because ONNX Runtime fuses a residual addition
 * with the layer norm behind it only where it knows the shapes. (The fused kernel saves a tenth of
 * a forward pass; it takes the variance as a difference of squares, which loses digits where a
 * row's mean is ten and more times its deviation.) A broadcast becomes a node only if somebody
 * needs its result in full: ONNX's elementwise operators broadcast by themselves.
 */
final class OnnxLowering {
  private final Parameters parameters;
  private final Elements elements;

  /** Whether nothing inside a run happens at the same time. */
  private final boolean serial;

  /** Whether to do without operators of ONNX Runtime's own. */
  private final boolean portable;

  private final ModelWriter writer;
  private final SymbolicShapes shapes;
  private final HookLabels labels;
  private final Map<Value, Integer> uses = new HashMap<>();
  private final Map<Value, String> tensors = new HashMap<>();

  private OnnxLowering(
      Graph graph,
      List<Value> nodes,
      Parameters parameters,
      Elements elements,
      boolean serial,
      boolean portable) {
    this.parameters = parameters;
    this.elements = elements;
    this.serial = serial;
    this.portable = portable;
    this.writer = new ModelWriter(elements);
    this.shapes = new SymbolicShapes(writer);
    this.labels = new HookLabels(graph, nodes);
  }

  /**
   * The model of a session for the given outputs.
   *
   * @throws IllegalArgumentException if an output is unknown, or a shape needs the extent of a
   *     symbol that no input gives
   */
  static LoweredGraph lower(
      Graph graph, Weights weights, Collection<String> outputs, BackendConfig config) {
    List<Value> nodes = graph.nodes(outputs);
    Elements elements = new Elements(config.precision());
    SessionParameters parameters = new SessionParameters(weights, elements);
    boolean serial = config.threads() == 1;
    OnnxLowering lowering = new OnnxLowering(graph, nodes, parameters, elements, serial, false);
    lowering.countUses(nodes, outputs.stream().map(graph::value).toList());
    lowering.addInputs(nodes);
    nodes.forEach(lowering::add);
    Map<String, String> tensors = lowering.addOutputs(graph, outputs);
    byte[] model = OnnxProto.model(lowering.writer.graph()).toBytes();
    return new LoweredGraph(model, lowering.writer.nodeCount(), tensors, parameters.external());
  }

  /** The model of a file, whose inputs and outputs have the names that the graph has for them. */
  static WireMessage file(GraphExport export, Parameters parameters) {
    Graph graph = export.graph();
    List<Value> nodes = export.nodes();
    Elements elements = new Elements(Precision.FLOAT32);
    OnnxLowering lowering = new OnnxLowering(graph, nodes, parameters, elements, false, true);
    lowering.addInputs(export.inputs().stream().map(graph::value).toList());
    export.outputs().forEach(lowering.writer::unique);
    nodes.forEach(lowering::add);
    for (String name : export.outputs()) {
      lowering.writer.rename(lowering.tensor(graph.value(name)), name);
      lowering.writer.output(name, graph.value(name).type());
    }
    return OnnxProto.portableModel(
        lowering.writer.graph(), export.description(), export.metadata());
  }

  private void countUses(List<Value> nodes, List<Value> outputs) {
    nodes.forEach(node -> node.operands().forEach(operand -> uses.merge(operand, 1, Integer::sum)));
    outputs.forEach(output -> uses.merge(output, 1, Integer::sum));
  }

  private void addInputs(List<Value> nodes) {
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input) {
        String tensor = writer.input(input.name(), input.type());
        shapes.readFrom(tensor, node.shape());
        tensors.put(node, tensor);
      }
    }
  }

  private void add(Value node) {
    if (!(node.op() instanceof Op.Broadcast)) {
      tensor(node);
    }
  }

  /** The names of the outputs with the tensors that hold their values. */
  private Map<String, String> addOutputs(Graph graph, Collection<String> outputs) {
    Map<Value, String> written = new HashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : outputs) {
      Value value = graph.value(name);
      names.put(name, written.computeIfAbsent(value, v -> output(name, v)));
    }
    return names;
  }

  private String output(String name, Value value) {
    String tensor = tensor(value);
    if (isShared(value)) {
      ElementCode code = elements.code(value.type().element());
      tensor = writer.node("Identity", name, List.of(tensor), code, value.shape());
    }
    writer.output(tensor, value.type());
    return tensor;
  }

  /** Whether a value's tensor is not the result of a node that was written for it. */
  private boolean isShared(Value value) {
    return value.op() instanceof Op.Input
        || value.op() instanceof Op.Parameter
        || value.op() instanceof Op.Scalar
        || value.operands().stream().anyMatch(v -> tensor(value).equals(tensors.get(v)));
  }

  /** The tensor that holds a value in its full shape. */
  private String tensor(Value value) {
    String known = tensors.get(value);
    if (known == null) {
      known = value.op().accept(new NodeLowering(value));
      tensors.put(value, known);
    }
    return known;
  }

  private static Value withoutBroadcast(Value value) {
    return value.op() instanceof Op.Broadcast ? withoutBroadcast(value.operand(0)) : value;
  }

  private String parameter(String name, Shape shape) {
    String tensor = writer.unique(name);
    writer.initializer(
        parameters.initializer(tensor, elements.floating(), shape.bind(Map.of()), name));
    return tensor;
  }

  /** What one node becomes; each method gives the name of the tensor that holds the result. */
  private final class NodeLowering implements Op.Visitor<String> {
    private final Value node;
    private final String scope;

    NodeLowering(Value node) {
      this.node = node;
      this.scope = labels.of(node);
    }

    private String operand(int index) {
      return tensor(node.operand(index));
    }

    private Shape shape(int index) {
      return node.operand(index).shape();
    }

    /** A node with this one's type. */
    private String emit(String operator, List<String> operands, WireMessage... attributes) {
      return emit(operator, operands, node.type(), attributes);
    }

    private String emit(
        String operator, List<String> operands, TensorType type, WireMessage... attributes) {
      ElementCode code = elements.code(type.element());
      return writer.node(operator, scope, operands, code, type.shape(), attributes);
    }

    /** A node of ONNX Runtime's own domain. */
    private String emitMicrosoft(
        String operator, List<String> operands, WireMessage... attributes) {
      return writer.node(
          OnnxProto.MICROSOFT,
          operator,
          scope,
          operands,
          elements.code(node.type().element()),
          node.shape(),
          attributes);
    }

    /** The operands as they were before broadcasts, which together still give the full shape. */
    private List<String> broadcastingOperands() {
      List<Value> narrow = node.operands().stream().map(OnnxLowering::withoutBroadcast).toList();
      Shape common = narrow.stream().map(Value::shape).reduce(Shape.SCALAR, Shape::broadcast);
      List<String> operands = new ArrayList<>(narrow.stream().map(v -> tensor(v)).toList());
      if (!common.equals(node.shape())) {
        operands.set(0, operand(0));
      }
      return operands;
    }

    @Override
    public String visit(Op.Input op) {
      return tensor(node);
    }

    @Override
    public String visit(Op.Parameter op) {
      return parameter(op.name(), op.shape());
    }

    @Override
    public String visit(Op.Scalar op) {
      return writer.scalar(op.value());
    }

    @Override
    public String visit(Op.DimSize op) {
      String number =
          emit(
              "Cast",
              List.of(shapes.extent(op.dim())),
              node.type().withShape(Shape.of(1)),
              OnnxProto.attribute("to", (long) elements.floating().number()));
      return emit("Squeeze", List.of(number));
    }

    @Override
    public String visit(Op.Unary op) {
      return switch (op.kind()) {
        case NEG -> emit("Neg", List.of(operand(0)));
        case ABS -> emit("Abs", List.of(operand(0)));
        case SIGN -> emit("Sign", List.of(operand(0)));
        case EXP -> emit("Exp", List.of(operand(0)));
        case LOG -> emit("Log", List.of(operand(0)));
        case SQRT -> emit("Sqrt", List.of(operand(0)));
        case TANH -> emit("Tanh", List.of(operand(0)));
        case ERF -> elements.isDouble() ? doubles().erf() : emit("Erf", List.of(operand(0)));
        case GELU -> elements.isDouble() ? doubles().gelu() : emit("Gelu", List.of(operand(0)));
      };
    }

    private DoubleFunctions doubles() {
      return new DoubleFunctions(writer, scope, operand(0), node.shape());
    }

    @Override
    public String visit(Op.Binary op) {
      List<String> operands = broadcastingOperands();
      return switch (op.kind()) {
        case ADD -> emit("Add", operands);
        case SUB -> emit("Sub", operands);
        case MUL -> emit("Mul", operands);
        case DIV -> emit("Div", operands);
        case MAXIMUM -> emit("Max", operands);
        case MINIMUM -> emit("Min", operands);
      };
    }

    @Override
    public String visit(Op.Compare op) {
      return switch (op.kind()) {
        case EQUAL -> emit("Equal", broadcastingOperands());
        case LESS -> emit("Less", broadcastingOperands());
      };
    }

    @Override
    public String visit(Op.Where op) {
      return node.type().element() == ElementType.BOOL
          ? chooseBits(operand(0), operand(1), operand(2))
          : emit("Where", broadcastingOperands());
    }

    /** ONNX Runtime has no {@code Where} for BOOL: (c and yes) or (not c and no). */
    private String chooseBits(String condition, String yes, String no) {
      String negated = emit("Not", List.of(condition));
      String chosen = emit("And", List.of(condition, yes));
      String otherwise = emit("And", List.of(negated, no));
      return emit("Or", List.of(chosen, otherwise));
    }

    @Override
    public String visit(Op.Cast op) {
      int number = elements.code(op.element()).number();
      return emit("Cast", List.of(operand(0)), OnnxProto.attribute("to", (long) number));
    }

    @Override
    public String visit(Op.StopGradient op) {
      return operand(0);
    }

    @Override
    public String visit(Op.Reshape op) {
      return reshape(operand(0), shape(0), node.type());
    }

    private String reshape(String tensor, Shape from, TensorType to) {
      if (from.equals(to.shape())) {
        return tensor;
      }
      boolean empty = to.shape().dims().stream().anyMatch(dim -> dim.factor() == 0);
      return emit(
          "Reshape",
          List.of(tensor, shapes.reshapeTarget(from, to.shape())),
          to,
          OnnxProto.attribute("allowzero", empty ? 1L : 0L));
    }

    @Override
    public String visit(Op.Transpose op) {
      return emit("Transpose", List.of(operand(0)), OnnxProto.attribute("perm", op.axes()));
    }

    @Override
    public String visit(Op.Broadcast op) {
      return emit("Expand", List.of(operand(0), shapes.vector(op.shape())));
    }

    @Override
    public String visit(Op.Slice op) {
      return emit(
          "Slice",
          List.of(
              operand(0),
              writer.integers(op.start()),
              shapes.sum(op.length(), op.start()),
              writer.integers(op.axis())));
    }

    /**
     * All axes are padded, most of them by 0: an optimizer that moves transpositions does not see
     * the input that says which axes are.
     */
    @Override
    public String visit(Op.Pad op) {
      int rank = shape(0).rank();
      long[] first = new long[rank + op.axis()];
      first[op.axis()] = op.before();
      List<String> parts = new ArrayList<>();
      parts.add(writer.integers(first));
      parts.add(padding(op, shape(0).dim(op.axis())));
      if (op.axis() < rank - 1) {
        parts.add(writer.integers(new long[rank - 1 - op.axis()]));
      }
      String pads =
          writer.node(
              "Concat",
              scope,
              parts,
              ElementCode.INT64,
              Shape.of(2 * rank),
              OnnxProto.attribute("axis", 0L));
      return emit("Pad", List.of(operand(0), pads));
    }

    private String padding(Op.Pad op, Dim extent) {
      if (op.size().isLiteral() && extent.isLiteral()) {
        return writer.integers(op.size().factor() - op.before() - extent.factor());
      }
      return writer.node(
          "Sub",
          scope,
          List.of(shapes.extent(op.size()), shapes.sum(extent, op.before())),
          ElementCode.INT64,
          Shape.of(1));
    }

    @Override
    public String visit(Op.Concat op) {
      List<String> operands = node.operands().stream().map(v -> tensor(v)).toList();
      return emit("Concat", operands, OnnxProto.attribute("axis", (long) op.axis()));
    }

    @Override
    public String visit(Op.Reduce op) {
      String operator =
          switch (op.kind()) {
            case SUM -> "ReduceSum";
            case MAX -> "ReduceMax";
          };
      return emit(
          operator,
          List.of(operand(0), writer.integers(op.axis())),
          OnnxProto.attribute("keepdims", 1L));
    }

    @Override
    public String visit(Op.MatMul op) {
      return product(op.transposeLeft(), op.transposeRight());
    }

    /** The product of the first two operands. */
    private String product(boolean leftTurned, boolean rightTurned) {
      if (portable) {
        List<String> matrices = List.of(matrix(0, leftTurned), matrix(1, rightTurned));
        return emit("MatMul", matrices);
      }
      List<String> operands = List.of(operand(0), operand(1));
      return leftTurned || rightTurned
          ? emitMicrosoft(
              "FusedMatMul",
              operands,
              OnnxProto.attribute("transA", leftTurned ? 1L : 0L),
              OnnxProto.attribute("transB", rightTurned ? 1L : 0L))
          : emit("MatMul", operands);
    }

    /** An operand with its last two axes exchanged; once for all who need a weight so. */
    private String matrix(int index, boolean turned) {
      Value value = turned ? node.operand(index).swapLast() : node.operand(index);
      labels.inherit(value, scope);
      return tensor(value);
    }

    @Override
    public String visit(Op.Linear op) {
      String product = product(false, !op.transposed());
      return node.operands().size() == 3 ? emit("Add", List.of(product, operand(2))) : product;
    }

    @Override
    public String visit(Op.Softmax op) {
      return emit("Softmax", List.of(operand(0)), OnnxProto.attribute("axis", -1L));
    }

    /**
     * The operator only in files, and where it is fused with the addition before it. By itself it
     * takes twice as long as its parts, which a gradient has already computed, and keeps its
     * epsilon in float32.
     */
    @Override
    public String visit(Op.LayerNorm op) {
      if (portable || isFusedWithAddition()) {
        return emit(
            "LayerNormalization",
            List.of(operand(0), operand(1), operand(2)),
            OnnxProto.attribute("axis", -1L),
            OnnxProto.attribute("epsilon", (float) op.epsilon()));
      }
      Value normalized = node.operand(0).normalized(op.epsilon());
      Value parts = normalized.mul(node.operand(1)).add(node.operand(2));
      labels.inherit(parts, scope);
      return tensor(parts);
    }

    /** Whether ONNX Runtime has one kernel for this norm of a sum that nobody else needs. */
    private boolean isFusedWithAddition() {
      Value sum = node.operand(0);
      return !elements.isDouble()
          && sum.shape().rank() == 3
          && sum.op() instanceof Op.Binary binary
          && binary.kind() == Op.BinaryKind.ADD
          && sum.operands().stream().noneMatch(v -> v.op() instanceof Op.Broadcast)
          && uses.getOrDefault(sum, 0) == 1;
    }

    @Override
    public String visit(Op.Gather op) {
      String indices = indices(node.operand(1), shape(0).dim(0));
      return emit("Gather", List.of(operand(0), indices), OnnxProto.attribute("axis", 0L));
    }

    /**
     * Indices below zero count from the end in ONNX, which nobody means here. Those of inputs are
     * checked before a run; computed ones are moved outside the table, where the engine refuses
     * them.
     */
    private String indices(Value value, Dim rows) {
      if (value.op() instanceof Op.Input) {
        return tensor(value);
      }
      TensorType bits = new TensorType(ElementType.BOOL, value.shape());
      String zero = writer.integers(0);
      String negative = emit("Less", List.of(tensor(value), zero), bits);
      return emit("Where", List.of(negative, shapes.extent(rows), tensor(value)), value.type());
    }

    @Override
    public String visit(Op.ScatterAdd op) {
      String indices = indices(node.operand(0), op.rows());
      return serial ? scatterRows(indices) : scatterEntries(indices);
    }

    /** One index per row: thirty times as fast, but threads lose additions to the same row. */
    private String scatterRows(String indices) {
      TensorType column = node.operand(0).type().withShape(shape(0).append(1));
      return emit(
          "ScatterND",
          List.of(zeros(), reshape(indices, shape(0), column), operand(1)),
          OnnxProto.attribute("reduction", "add"));
    }

    /** One index per entry. */
    private String scatterEntries(String indices) {
      Dim count = shape(0).size();
      Shape row = shape(1).slice(shape(0).rank(), shape(1).rank());
      Shape flat = Shape.of(count).concat(row);
      Shape column = Shape.of(count).concat(new Shape(Collections.nCopies(row.rank(), Dim.ONE)));
      TensorType integers = node.operand(0).type();
      String columns = reshape(indices, shape(0), integers.withShape(column));
      String repeated =
          emit("Expand", List.of(columns, shapes.vector(flat)), integers.withShape(flat));
      String updates = reshape(operand(1), shape(1), node.type().withShape(flat));
      return emit(
          "ScatterElements",
          List.of(zeros(), repeated, updates),
          OnnxProto.attribute("axis", 0L),
          OnnxProto.attribute("reduction", "add"));
    }

    private String zeros() {
      WireMessage zero =
          OnnxProto.tensor("zero", elements.floating(), new long[] {1}, elements.bytes(0));
      return emit(
          "ConstantOfShape",
          List.of(shapes.vector(node.shape())),
          OnnxProto.attribute("value", zero));
    }
  }
}
