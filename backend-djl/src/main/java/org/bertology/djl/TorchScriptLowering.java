package org.bertology.djl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.HookLabels;
import org.bertology.api.backend.Precision;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * Writes what some outputs of a graph depend on as TorchScript, one statement for each value.
 *
 * <p>Every extent is read from the inputs inside the script, so that one module serves all of them.
 * A broadcast becomes a statement only if somebody needs its result in full: elementwise operators
 * broadcast by themselves. Constants are numbers wherever an operator takes one.
 *
 * <p>With a {@link Differentiation} the script has two parts: the loss and what it is
 * differentiated by, where every target requires a gradient; then, after {@code torch.grad}, what
 * else is asked for, where nothing does.
 */
final class TorchScriptLowering {
  /** An argument that is always there, because the engine wants one at least. */
  private static final String ANCHOR = "anchor";

  private static final String WEIGHTS = "w";
  private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z]\\w*");
  private static final String HEADER = "graph";
  private static final String NO_NUMBERS = "annotate(List[Optional[number]], [])";

  private final ScriptTypes types;

  /** Whether parameters are fields of the module, and not a list that it is given. */
  private final boolean named;

  private final ScriptWriter writer = new ScriptWriter();
  private final ScriptExtents extents = new ScriptExtents(writer);
  private final HookLabels labels;
  private final Map<Value, String> tensors = new HashMap<>();
  private final Map<Value, String> inputs = new LinkedHashMap<>();
  private final List<String> parameters = new ArrayList<>();

  /** The values that are differentiated by; they stay apart from what they are broadcasts of. */
  private final Set<Value> targets = new HashSet<>();

  /** The values through which gradients flow to a target, and the targets. */
  private final Set<Value> active = new HashSet<>();

  private TorchScriptLowering(Graph graph, List<Value> nodes, ScriptTypes types, boolean named) {
    this.types = types;
    this.named = named;
    this.labels = new HookLabels(graph, nodes);
  }

  /**
   * The script for the given outputs.
   *
   * @throws IllegalArgumentException if an output is unknown, a shape needs the extent of a symbol
   *     that no input gives, or something cannot be differentiated
   */
  static TorchScript lower(
      Graph graph,
      Collection<String> outputs,
      Optional<Differentiation> differentiation,
      ScriptTypes types) {
    List<Value> nodes = graph.nodes(needed(outputs, differentiation));
    Set<String> computed = new HashSet<>();
    differentiation.ifPresent(d -> computed.addAll(d.gradients()));
    TorchScriptLowering lowering = new TorchScriptLowering(graph, nodes, types, false);
    lowering.addInputs(nodes, computed);
    differentiation.ifPresent(d -> lowering.differentiate(graph, d));
    nodes.forEach(lowering::add);
    return lowering.finish(graph, outputs, differentiation.isPresent());
  }

  /**
   * The script of a file, which has its parameters and takes and gives tensors by name.
   *
   * @throws UnsupportedCapabilityException if an input's name cannot be that of an argument
   */
  static ScriptFile file(GraphExport export) {
    Graph graph = export.graph();
    List<Value> nodes = export.nodes();
    ScriptTypes types = new ScriptTypes(Precision.FLOAT32, "cpu", false);
    TorchScriptLowering lowering = new TorchScriptLowering(graph, nodes, types, true);
    for (String name : export.inputs()) {
      lowering.addInput(graph.value(name), argument(name));
    }
    nodes.forEach(lowering::add);
    return lowering.finish(export);
  }

  private static String argument(String name) {
    if (!ARGUMENT.matcher(name).matches()) {
      throw new UnsupportedCapabilityException(
          "torchscript has no argument named '%s'; a name is made of letters, digits and _"
              .formatted(name));
    }
    return name;
  }

  /** The names of all that must be computed. */
  static List<String> needed(
      Collection<String> outputs, Optional<Differentiation> differentiation) {
    List<String> all = new ArrayList<>(outputs);
    differentiation.ifPresent(
        d -> {
          all.add(d.loss());
          all.addAll(d.withRespectTo());
        });
    return all;
  }

  private void addInputs(List<Value> nodes, Set<String> computed) {
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input && !computed.contains(input.name())) {
        addInput(node, "x" + inputs.size());
      }
    }
  }

  private void addInput(Value node, String argument) {
    inputs.put(node, argument);
    extents.readFrom(argument, node.shape());
  }

  private void add(Value node) {
    if (!(node.op() instanceof Op.Broadcast) && !isNumber(node)) {
      tensor(node);
    }
  }

  /** The variable of a value, computed now if it has none yet. */
  private String tensor(Value value) {
    String known = tensors.get(value);
    if (known == null) {
      known = computed(value);
      tensors.put(value, known);
    }
    return known;
  }

  private String computed(Value value) {
    String hook = labels.of(value);
    String variable = value.op().accept(new NodeLowering(value, hook));
    // A target that depends on another one has its record already; detached, it would lose it.
    boolean isLeaf = targets.contains(value) && !active.contains(value);
    if (!isLeaf) {
      return variable;
    }
    active.add(value);
    return writer.assign(hook, "torch.requires_grad_(torch.detach(%s), True)".formatted(variable));
  }

  /** Whether a value is a constant that operators take as a number. */
  private boolean isNumber(Value value) {
    boolean isConstant = value.op() instanceof Op.Scalar || value.op() instanceof Op.DimSize;
    return isConstant && !targets.contains(value);
  }

  private Value withoutBroadcast(Value value) {
    boolean isPlain = value.op() instanceof Op.Broadcast && !targets.contains(value);
    return isPlain ? withoutBroadcast(value.operand(0)) : value;
  }

  // --- gradients

  private void differentiate(Graph graph, Differentiation differentiation) {
    Value loss = graph.value(differentiation.loss());
    requireFloat("loss", differentiation.loss(), loss);
    for (String name : differentiation.withRespectTo()) {
      requireFloat("target", name, graph.value(name));
      targets.add(graph.value(name));
    }
    List<Value> first =
        graph.nodes(needed(List.of(differentiation.loss()), Optional.of(differentiation)));
    requireIndependence(first, differentiation);
    for (Value node : first) {
      if (dependsOnTarget(node)) {
        active.add(node);
      }
      if (targets.contains(node)) {
        tensor(node);
      } else {
        add(node);
      }
    }
    bindGradients(graph, differentiation, loss);
    detachAll();
  }

  private static void requireFloat(String role, String name, Value value) {
    if (!value.type().isFloat()) {
      throw new IllegalArgumentException(
          "the %s '%s' must be FLOAT to have a gradient, got %s"
              .formatted(role, name, value.type()));
    }
  }

  private static void requireIndependence(List<Value> nodes, Differentiation differentiation) {
    Set<String> gradients = Set.copyOf(differentiation.gradients());
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input && gradients.contains(input.name())) {
        throw new IllegalArgumentException(
            ("'%s' depends on '%s', which is computed from it; use Gradients.differentiate for"
                    + " gradients of gradients")
                .formatted(differentiation.loss(), input.name()));
      }
    }
  }

  private boolean dependsOnTarget(Value node) {
    boolean passes = node.type().isFloat() && !(node.op() instanceof Op.StopGradient);
    return passes && node.operands().stream().anyMatch(active::contains);
  }

  private void bindGradients(Graph graph, Differentiation differentiation, Value loss) {
    List<String> names = differentiation.withRespectTo().stream().distinct().toList();
    List<String> leaves = names.stream().map(name -> tensor(graph.value(name))).toList();
    String found = active.contains(loss) ? gradients(loss, leaves) : "";
    for (int i = 0; i < leaves.size(); i++) {
      Value target = graph.value(names.get(i));
      String name = Gradients.nameOf(names.get(i));
      String zeros = "torch.zeros_like(%s)".formatted(leaves.get(i));
      String gradient =
          found.isEmpty()
              ? writer.assign(name, zeros)
              : orZeros(name, "%s[%d]".formatted(found, i), zeros);
      tensors.put(target.graph().input(name, ElementType.FLOAT, target.shape()), gradient);
    }
  }

  private String gradients(Value loss, List<String> leaves) {
    String hook = labels.of(loss);
    String sum = writer.assign(hook, "torch.sum(%s)".formatted(tensor(loss)));
    return writer.assign(
        hook,
        "torch.grad([%s], [%s], None, None, False, True)"
            .formatted(sum, String.join(", ", leaves)));
  }

  /** PyTorch gives nothing at all where the loss does not depend on a target. */
  private String orZeros(String hook, String optional, String zeros) {
    String found = writer.assign(hook, optional);
    String gradient = writer.variable();
    writer.line(hook, "if torch.__is__(%s, None):".formatted(found));
    writer.line(hook, "  %s = %s".formatted(gradient, zeros));
    writer.line(hook, "else:");
    writer.line(hook, "  %s = unchecked_cast(Tensor, %s)".formatted(gradient, found));
    return gradient;
  }

  /** What comes after the gradients is not differentiated, so no record of it is kept. */
  private void detachAll() {
    for (Value value : List.copyOf(active)) {
      String variable = tensors.remove(value);
      if (variable != null) {
        tensors.put(value, "torch.detach(%s)".formatted(variable));
      }
    }
    targets.clear();
    active.clear();
  }

  // --- outputs

  private TorchScript finish(Graph graph, Collection<String> outputs, boolean differentiates) {
    Map<Value, Integer> places = new LinkedHashMap<>();
    Map<String, Integer> byName = new LinkedHashMap<>();
    List<String> results = new ArrayList<>();
    for (String name : outputs) {
      Value value = graph.value(name);
      Integer place = places.get(value);
      if (place == null) {
        place = results.size();
        places.put(value, place);
        results.add(writer.assign(name, "torch.contiguous(%s)".formatted(tensor(value))));
      }
      byName.put(name, place);
    }
    writer.line(HEADER, "return [%s]".formatted(String.join(", ", results)));
    return new TorchScript(
        writer.source(arguments()),
        inputs.keySet().stream().map(value -> ((Op.Input) value.op()).name()).toList(),
        parameters,
        byName,
        writer.hooksByLine(HEADER),
        differentiates);
  }

  private ScriptFile finish(GraphExport export) {
    List<String> results = new ArrayList<>();
    for (String name : export.outputs()) {
      String tensor = tensor(export.graph().value(name));
      String result = writer.assign(name, "torch.contiguous(%s)".formatted(tensor));
      results.add("%s: %s".formatted(ScriptWriter.quoted(name), result));
    }
    writer.line(HEADER, "return {%s}".formatted(String.join(", ", results)));
    List<String> arguments = export.inputs().stream().map(name -> name + ": Tensor").toList();
    return new ScriptFile(writer.sourceWithParameters(parameters, arguments), parameters);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of(ANCHOR + ": Tensor"));
    inputs.values().forEach(argument -> arguments.add(argument + ": Tensor"));
    if (!parameters.isEmpty()) {
      arguments.add(WEIGHTS + ": List[Tensor]");
    }
    return arguments;
  }

  /** What one node becomes; each method gives the variable that holds the result. */
  private final class NodeLowering implements Op.Visitor<String> {
    private final Value node;
    private final String hook;

    NodeLowering(Value node, String hook) {
      this.node = node;
      this.hook = hook;
    }

    private String operand(int index) {
      return tensor(node.operand(index));
    }

    private Shape shape(int index) {
      return node.operand(index).shape();
    }

    private String call(String function, Object... arguments) {
      return writer.assign(hook, expression(function, arguments));
    }

    private static String expression(String function, Object... arguments) {
      return List.of(arguments).stream()
          .map(Object::toString)
          .collect(Collectors.joining(", ", "torch." + function + "(", ")"));
    }

    /** The operands as they were before broadcasts, which together still give the full shape. */
    private List<Value> broadcastingOperands() {
      List<Value> narrow =
          node.operands().stream().map(TorchScriptLowering.this::withoutBroadcast).toList();
      Shape common = narrow.stream().map(Value::shape).reduce(Shape.SCALAR, Shape::broadcast);
      if (common.equals(node.shape())) {
        return narrow;
      }
      List<Value> operands = new ArrayList<>(narrow);
      operands.set(0, node.operand(0));
      return operands;
    }

    private List<String> variables(List<Value> values) {
      return values.stream().map(TorchScriptLowering.this::tensor).toList();
    }

    @Override
    public String visit(Op.Input op) {
      String argument = inputs.get(node);
      if (argument == null) {
        throw new IllegalStateException("no argument for input '%s'".formatted(op.name()));
      }
      return argument;
    }

    @Override
    public String visit(Op.Parameter op) {
      parameters.add(op.name());
      return writer.assign(
          hook,
          named
              ? "getattr(self, %s)".formatted(ScriptWriter.quoted(op.name()))
              : "%s[%d]".formatted(WEIGHTS, parameters.size() - 1));
    }

    @Override
    public String visit(Op.Scalar op) {
      return filled(Shape.SCALAR, number(node));
    }

    @Override
    public String visit(Op.DimSize op) {
      return filled(Shape.SCALAR, number(node));
    }

    private String filled(Shape shape, String number) {
      return call("full", extents.list(shape), number, types.floatingOptions());
    }

    private String number(Value value) {
      return value.op() instanceof Op.DimSize size
          ? extents.of(size.dim())
          : ScriptTypes.number(((Op.Scalar) value.op()).value());
    }

    @Override
    public String visit(Op.Unary op) {
      String function =
          switch (op.kind()) {
            case NEG -> "neg";
            case ABS -> "abs";
            case SIGN -> "sign";
            case EXP -> "exp";
            case LOG -> "log";
            case SQRT -> "sqrt";
            case TANH -> "tanh";
            case ERF -> "erf";
            case GELU -> "gelu";
          };
      return call(function, operand(0));
    }

    @Override
    public String visit(Op.Binary op) {
      return switch (op.kind()) {
        case ADD -> arithmetic("add", true);
        case SUB -> arithmetic("sub", false);
        case MUL -> arithmetic("mul", true);
        case DIV -> arithmetic("div", false);
        case MAXIMUM -> elementwise("maximum");
        case MINIMUM -> elementwise("minimum");
      };
    }

    /**
     * With a number in place of a constant on the right, and on the left where that is the same.
     */
    private String arithmetic(String function, boolean commutes) {
      List<Value> operands = broadcastingOperands();
      Value left = operands.get(0);
      Value right = operands.get(1);
      if (commutes && isNumber(left) && !isNumber(right)) {
        return call(function, tensor(right), number(left));
      }
      return call(function, tensor(left), isNumber(right) ? number(right) : tensor(right));
    }

    private String elementwise(String function) {
      return call(function, variables(broadcastingOperands()).toArray());
    }

    @Override
    public String visit(Op.Compare op) {
      return switch (op.kind()) {
        case EQUAL -> elementwise("eq");
        case LESS -> elementwise("lt");
      };
    }

    @Override
    public String visit(Op.Where op) {
      return elementwise("where");
    }

    @Override
    public String visit(Op.Cast op) {
      return switch (op.element()) {
        case FLOAT -> call("to", operand(0), types.floating());
        case INT -> call("to", operand(0), ScriptTypes.INT64);
        case BOOL -> call("ne", operand(0), 0);
      };
    }

    @Override
    public String visit(Op.StopGradient op) {
      return call("detach", operand(0));
    }

    @Override
    public String visit(Op.Reshape op) {
      return call("reshape", operand(0), extents.list(op.shape()));
    }

    @Override
    public String visit(Op.Transpose op) {
      return call("permute", operand(0), op.axes());
    }

    @Override
    public String visit(Op.Broadcast op) {
      return call("expand", operand(0), extents.list(op.shape()));
    }

    @Override
    public String visit(Op.Slice op) {
      return call("narrow", operand(0), op.axis(), op.start(), extents.of(op.length()));
    }

    /** Two numbers for each axis, from the last one on. */
    @Override
    public String visit(Op.Pad op) {
      List<String> amounts = new ArrayList<>();
      for (int axis = node.shape().rank() - 1; axis > op.axis(); axis--) {
        amounts.addAll(List.of("0", "0"));
      }
      amounts.add(Long.toString(op.before()));
      amounts.add(extents.rest(op.size(), op.before(), shape(0).dim(op.axis())));
      return call("constant_pad_nd", operand(0), amounts, 0);
    }

    @Override
    public String visit(Op.Concat op) {
      return call("cat", variables(node.operands()), op.axis());
    }

    /** The largest is {@code amax}, which shares a gradient among ties as {@code max} does not. */
    @Override
    public String visit(Op.Reduce op) {
      String function =
          switch (op.kind()) {
            case SUM -> "sum";
            case MAX -> "amax";
          };
      return call(function, operand(0), List.of(op.axis()), "True");
    }

    @Override
    public String visit(Op.MatMul op) {
      String left = turned(operand(0), op.transposeLeft());
      return call("matmul", left, turned(operand(1), op.transposeRight()));
    }

    private static String turned(String matrix, boolean turn) {
      return turn ? expression("transpose", matrix, -2, -1) : matrix;
    }

    /**
     * By oneDNN where that can be: the library that PyTorch uses otherwise is half as fast on
     * processors that its maker did not make. oneDNN's operator cannot be differentiated.
     */
    @Override
    public String visit(Op.Linear op) {
      String weight = turned(operand(1), op.transposed());
      String bias = node.operands().size() == 3 ? operand(2) : "None";
      return types.multipliesByOneDnn() && shape(0).rank() >= 2 && isPlainAndConstant()
          ? writer.assign(
              hook,
              "ops.mkldnn._linear_pointwise(%s, %s, %s, \"none\", %s, \"\")"
                  .formatted(operand(0), weight, bias, NO_NUMBERS))
          : call("linear", operand(0), weight, bias);
    }

    private boolean isPlainAndConstant() {
      return node.operand(1).op() instanceof Op.Parameter
          && shape(1).dims().stream().noneMatch(dim -> dim.factor() == 0)
          && node.operands().stream().noneMatch(active::contains);
    }

    @Override
    public String visit(Op.Softmax op) {
      return call("softmax", operand(0), -1);
    }

    @Override
    public String visit(Op.LayerNorm op) {
      String features = extents.list(Shape.of(node.shape().last()));
      return call(
          "layer_norm", operand(0), features, operand(1), operand(2), op.epsilon(), "False");
    }

    @Override
    public String visit(Op.Gather op) {
      if (shape(0).rank() == 2) {
        return call("embedding", operand(0), operand(1));
      }
      String rows = expression("index_select", operand(0), 0, flat(operand(1)));
      return call("reshape", rows, extents.list(node.shape()));
    }

    private static String flat(String tensor) {
      return expression("reshape", tensor, List.of(-1));
    }

    @Override
    public String visit(Op.ScatterAdd op) {
      Dim count = shape(0).size();
      Shape row = shape(1).slice(shape(0).rank(), shape(1).rank());
      String updates = expression("reshape", operand(1), extents.list(Shape.of(count).concat(row)));
      String table = expression("zeros", extents.list(node.shape()), types.floatingOptions());
      return call("index_add", table, 0, flat(operand(0)), updates);
    }
  }
}
