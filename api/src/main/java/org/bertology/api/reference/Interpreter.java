package org.bertology.api.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.HookLabels;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** What every {@link Op} means, in loops that can be read. One instance serves one run. */
final class Interpreter {
  private final Weights weights;
  private final Map<String, Tensor> inputs;
  private final Map<String, Long> symbols;
  private final HookLabels labels;
  private final Map<Value, Array> results = new HashMap<>();

  Interpreter(
      Weights weights, Map<String, Tensor> inputs, Map<String, Long> symbols, HookLabels labels) {
    this.weights = weights;
    this.inputs = inputs;
    this.symbols = symbols;
    this.labels = labels;
  }

  /** Computes the values, whose operands come before them. */
  void run(List<Value> nodes) {
    for (Value node : nodes) {
      results.put(node, node.op().accept(new Evaluation(node)));
    }
  }

  Array result(Value value) {
    Array result = results.get(value);
    if (result == null) {
      throw new IllegalStateException("%s was not computed".formatted(value));
    }
    return result;
  }

  private int[] bind(Shape shape) {
    return Array.toInts(shape.bind(symbols));
  }

  private final class Evaluation implements Op.Visitor<Array> {
    private final Value node;

    Evaluation(Value node) {
      this.node = node;
    }

    private Array operand(int index) {
      return result(node.operand(index));
    }

    @Override
    public Array visit(Op.Input op) {
      Tensor tensor = inputs.get(op.name());
      if (tensor == null) {
        throw new IllegalStateException("input '%s' is missing".formatted(op.name()));
      }
      return Array.of(tensor);
    }

    @Override
    public Array visit(Op.Parameter op) {
      return Array.of(weights.get(op.name()));
    }

    @Override
    public Array visit(Op.Scalar op) {
      return new Array(new int[0], new double[] {op.value()});
    }

    @Override
    public Array visit(Op.DimSize op) {
      return new Array(new int[0], new double[] {op.dim().bind(symbols)});
    }

    @Override
    public Array visit(Op.Unary op) {
      return operand(0)
          .map(
              switch (op.kind()) {
                case NEG -> x -> -x;
                case ABS -> Math::abs;
                case SIGN -> Math::signum;
                case EXP -> Math::exp;
                case LOG -> Math::log;
                case SQRT -> Math::sqrt;
                case TANH -> Math::tanh;
                case ERF -> Erf::erf;
                case GELU -> x -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
              });
    }

    @Override
    public Array visit(Op.Binary op) {
      return operand(0)
          .zip(
              operand(1),
              switch (op.kind()) {
                case ADD -> Double::sum;
                case SUB -> (a, b) -> a - b;
                case MUL -> (a, b) -> a * b;
                case DIV -> (a, b) -> a / b;
                case MAXIMUM -> Math::max;
                case MINIMUM -> Math::min;
              });
    }

    @Override
    public Array visit(Op.Compare op) {
      return operand(0)
          .zip(
              operand(1),
              switch (op.kind()) {
                case EQUAL -> (a, b) -> a == b ? 1 : 0;
                case LESS -> (a, b) -> a < b ? 1 : 0;
              });
    }

    @Override
    public Array visit(Op.Where op) {
      Array condition = operand(0);
      Array result = Array.zeros(condition.shape());
      for (int i = 0; i < result.data().length; i++) {
        result.data()[i] = operand(condition.data()[i] != 0 ? 1 : 2).data()[i];
      }
      return result;
    }

    @Override
    public Array visit(Op.Cast op) {
      return switch (op.element()) {
        case FLOAT -> operand(0);
        case INT -> operand(0).map(x -> (double) (long) x);
        case BOOL -> operand(0).map(x -> x != 0 ? 1 : 0);
      };
    }

    @Override
    public Array visit(Op.StopGradient op) {
      return operand(0);
    }

    @Override
    public Array visit(Op.Reshape op) {
      return new Array(bind(op.shape()), operand(0).data());
    }

    @Override
    public Array visit(Op.Transpose op) {
      Array x = operand(0);
      int[] strides = op.axes().stream().mapToInt(x::stride).toArray();
      return x.strided(bind(node.shape()), 0, strides);
    }

    @Override
    public Array visit(Op.Broadcast op) {
      Array x = operand(0);
      int[] target = bind(op.shape());
      int[] strides = new int[target.length];
      System.arraycopy(x.broadcastStrides(), 0, strides, target.length - x.rank(), x.rank());
      return x.strided(target, 0, strides);
    }

    @Override
    public Array visit(Op.Slice op) {
      Array x = operand(0);
      int[] strides = new int[x.rank()];
      Arrays.setAll(strides, x::stride);
      return x.strided(bind(node.shape()), (int) op.start() * strides[op.axis()], strides);
    }

    @Override
    public Array visit(Op.Pad op) {
      Array result = Array.zeros(bind(node.shape()));
      result.put(operand(0), op.axis(), (int) op.before());
      return result;
    }

    @Override
    public Array visit(Op.Concat op) {
      Array result = Array.zeros(bind(node.shape()));
      int start = 0;
      for (int i = 0; i < node.operands().size(); i++) {
        result.put(operand(i), op.axis(), start);
        start += operand(i).extent(op.axis());
      }
      return result;
    }

    @Override
    public Array visit(Op.Reduce op) {
      Array x = operand(0);
      Array result = Array.zeros(bind(node.shape()));
      int inner = x.stride(op.axis());
      int extent = x.extent(op.axis());
      if (op.kind() == Op.ReduceKind.MAX) {
        Arrays.fill(result.data(), Double.NEGATIVE_INFINITY);
      }
      for (int i = 0; i < x.data().length; i++) {
        int target = i / (inner * extent) * inner + i % inner;
        double before = result.data()[target];
        result.data()[target] =
            switch (op.kind()) {
              case SUM -> before + x.data()[i];
              case MAX -> Math.max(before, x.data()[i]);
            };
      }
      return result;
    }

    @Override
    public Array visit(Op.MatMul op) {
      Array left = operand(0);
      Array right = operand(1);
      int[] shape = bind(node.shape());
      int rows = shape[shape.length - 2];
      int columns = shape[shape.length - 1];
      int shared = left.extent(op.transposeLeft() ? -2 : -1);
      Array result = Array.zeros(shape);
      for (int cell = 0; cell < result.data().length; cell++) {
        int matrix = cell / (rows * columns);
        int row = cell / columns % rows;
        int column = cell % columns;
        double sum = 0;
        for (int k = 0; k < shared; k++) {
          int l = op.transposeLeft() ? k * rows + row : row * shared + k;
          int r = op.transposeRight() ? column * shared + k : k * columns + column;
          sum +=
              left.data()[matrix * rows * shared + l] * right.data()[matrix * shared * columns + r];
        }
        result.data()[cell] = sum;
      }
      return result;
    }

    @Override
    public Array visit(Op.Linear op) {
      Array x = operand(0);
      Array weight = operand(1);
      Array result = Array.zeros(bind(node.shape()));
      int in = x.extent(-1);
      int out = result.extent(-1);
      for (int cell = 0; cell < result.data().length; cell++) {
        int row = cell / out;
        int column = cell % out;
        double sum = node.operands().size() == 3 ? operand(2).data()[column] : 0;
        for (int k = 0; k < in; k++) {
          int w = op.transposed() ? k * out + column : column * in + k;
          sum += x.data()[row * in + k] * weight.data()[w];
        }
        result.data()[cell] = sum;
      }
      return result;
    }

    @Override
    public Array visit(Op.Softmax op) {
      Array x = operand(0);
      Array result = Array.zeros(x.shape());
      int extent = x.extent(-1);
      for (int row = 0; row < x.data().length; row += extent) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = row; i < row + extent; i++) {
          max = Math.max(max, x.data()[i]);
        }
        double sum = 0;
        for (int i = row; i < row + extent; i++) {
          result.data()[i] = Math.exp(x.data()[i] - max);
          sum += result.data()[i];
        }
        for (int i = row; i < row + extent; i++) {
          result.data()[i] /= sum;
        }
      }
      return result;
    }

    @Override
    public Array visit(Op.LayerNorm op) {
      Array x = operand(0);
      double[] scale = operand(1).data();
      double[] bias = operand(2).data();
      Array result = Array.zeros(x.shape());
      int extent = x.extent(-1);
      for (int row = 0; row < x.data().length; row += extent) {
        double mean = Arrays.stream(x.data(), row, row + extent).sum() / extent;
        double variance =
            Arrays.stream(x.data(), row, row + extent).map(v -> (v - mean) * (v - mean)).sum()
                / extent;
        double deviation = Math.sqrt(variance + op.epsilon());
        for (int i = 0; i < extent; i++) {
          result.data()[row + i] = (x.data()[row + i] - mean) / deviation * scale[i] + bias[i];
        }
      }
      return result;
    }

    @Override
    public Array visit(Op.Gather op) {
      Array table = operand(0);
      Array indices = operand(1);
      Array result = Array.zeros(bind(node.shape()));
      int width = table.stride(0);
      for (int i = 0; i < indices.data().length; i++) {
        int row = row(indices.data()[i], table.extent(0));
        System.arraycopy(table.data(), row * width, result.data(), i * width, width);
      }
      return result;
    }

    @Override
    public Array visit(Op.ScatterAdd op) {
      Array indices = operand(0);
      Array updates = operand(1);
      Array result = Array.zeros(bind(node.shape()));
      int width = result.stride(0);
      for (int i = 0; i < updates.data().length; i++) {
        int row = row(indices.data()[i / width], result.extent(0));
        result.data()[row * width + i % width] += updates.data()[i];
      }
      return result;
    }

    private int row(double index, int rows) {
      if (index < 0 || index >= rows) {
        throw new BackendException(
            "reference could not run the graph at '%s': index %d must lie in [0, %d)"
                .formatted(labels.of(node), (long) index, rows));
      }
      return (int) index;
    }
  }

  /** The host tensor of a result: F64, I64 or BOOL. */
  Tensor tensor(Value value) {
    Array array = result(value);
    long[] shape = Arrays.stream(array.shape()).asLongStream().toArray();
    double[] data = array.data();
    if (value.type().element() == ElementType.FLOAT) {
      return Tensor.of(data, shape);
    }
    if (value.type().element() == ElementType.INT) {
      return Tensor.of(Arrays.stream(data).mapToLong(x -> (long) x).toArray(), shape);
    }
    boolean[] bits = new boolean[data.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = data[i] != 0;
    }
    return Tensor.of(bits, shape);
  }
}
