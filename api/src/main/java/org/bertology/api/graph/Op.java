package org.bertology.api.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * One operation of the closed set that models are written in. An operation knows its type rule and
 * nothing about gradients or engines; {@code org.bertology.api.reference} defines its meaning.
 *
 * <p>There are no default axes and no implicit broadcasts: operands of elementwise operations have
 * equal shapes, which {@link Value}'s methods see to by inserting {@link Broadcast}.
 */
public sealed interface Op {
  /**
   * The type of the result.
   *
   * @throws IllegalArgumentException if the operands do not fit: what, got, expected
   */
  TensorType infer(List<TensorType> operands);

  <R> R accept(Visitor<R> visitor);

  /** A name as users read it in messages. */
  default String title() {
    return getClass().getSimpleName();
  }

  /** A value given at every run. */
  record Input(String name, TensorType type) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 0, 0);
      return type;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A weight, looked up by its name in the checkpoint. */
  record Parameter(String name, Shape shape) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 0, 0);
      return TensorType.floating(shape);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A FLOAT constant of rank 0. */
  record Scalar(double value) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 0, 0);
      return TensorType.floating(Shape.SCALAR);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** The extent of a dimension as a FLOAT of rank 0. */
  record DimSize(Dim dim) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 0, 0);
      return TensorType.floating(Shape.SCALAR);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** Elementwise functions of one FLOAT operand. */
  enum UnaryKind {
    NEG,
    ABS,
    /** −1, 0 or 1; its gradient is zero. */
    SIGN,
    EXP,
    LOG,
    SQRT,
    TANH,
    ERF,
    /** x·Φ(x) with the exact normal distribution function Φ (Hendrycks and Gimpel, 2016). */
    GELU
  }

  record Unary(UnaryKind kind) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      return Check.floating(this, operands.get(0));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public String title() {
      return kind.name();
    }
  }

  /** Elementwise functions of two FLOAT operands of equal shape. */
  enum BinaryKind {
    ADD,
    SUB,
    MUL,
    DIV,
    /** The larger; at a tie each operand gets half of the gradient. */
    MAXIMUM,
    /** The smaller; at a tie each operand gets half of the gradient. */
    MINIMUM
  }

  record Binary(BinaryKind kind) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 2);
      Check.floating(this, operands.get(0));
      return Check.same(this, operands.get(0), operands.get(1));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public String title() {
      return kind.name();
    }
  }

  /** Elementwise comparisons of two FLOAT or two INT operands of equal shape. */
  enum CompareKind {
    EQUAL,
    LESS
  }

  record Compare(CompareKind kind) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 2);
      TensorType type = Check.same(this, operands.get(0), operands.get(1));
      if (type.element() == ElementType.BOOL) {
        throw Check.error(this, "needs FLOAT or INT operands, got " + type + "; cast them");
      }
      return new TensorType(ElementType.BOOL, type.shape());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public String title() {
      return kind.name();
    }
  }

  /** Elementwise choice: operands condition (BOOL), value where true, value where false. */
  record Where() implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 3, 3);
      TensorType condition = operands.get(0);
      if (condition.element() != ElementType.BOOL) {
        throw Check.error(this, "needs a BOOL condition, got " + condition);
      }
      Check.same(this, operands.get(1), operands.get(2));
      Check.sameShape(this, condition, operands.get(1));
      return operands.get(1);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** Conversion of the elements; FLOAT to INT truncates, to BOOL means "is not zero". */
  record Cast(ElementType element) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      return new TensorType(element, operands.get(0).shape());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** The operand itself, regarded as a constant by differentiation. */
  record StopGradient() implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      return operands.get(0);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** The same elements in row-major order under another shape of equal size. */
  record Reshape(Shape shape) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = operands.get(0).shape();
      if (!from.size().equals(shape.size())) {
        throw Check.error(
            this,
            "cannot turn %s into %s: %s elements are not %s"
                .formatted(from, shape, from.size(), shape.size()));
      }
      return operands.get(0).withShape(shape);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** Axis i of the result is axis {@code axes[i]} of the operand. */
  record Transpose(List<Integer> axes) implements Op {
    public Transpose {
      axes = List.copyOf(axes);
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = operands.get(0).shape();
      boolean permutation =
          axes.size() == from.rank()
              && new HashSet<>(axes).size() == axes.size()
              && axes.stream().allMatch(axis -> axis >= 0 && axis < from.rank());
      if (!permutation) {
        throw Check.error(
            this, "axes %s are not a permutation of the axes of %s".formatted(axes, from));
      }
      return operands
          .get(0)
          .withShape(new Shape(axes.stream().map(axis -> from.dim(axis)).toList()));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * The operand repeated along axes where its extent is the literal 1 or that it lacks in front.
   * The only place where a gradient is summed because of broadcasting.
   */
  record Broadcast(Shape shape) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = operands.get(0).shape();
      boolean fits = from.rank() <= shape.rank();
      for (int axis = -1; fits && axis >= -from.rank(); axis--) {
        fits = from.dim(axis).isOne() || from.dim(axis).equals(shape.dim(axis));
      }
      if (!fits) {
        throw Check.error(this, "cannot broadcast %s to %s".formatted(from, shape));
      }
      return operands.get(0).withShape(shape);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** The {@code length} entries from {@code start} on, along one axis. */
  record Slice(int axis, long start, Dim length) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = operands.get(0).shape();
      Check.axis(this, axis, from);
      Dim extent = from.dim(axis);
      boolean outside =
          extent.isLiteral() && length.isLiteral() && start + length.factor() > extent.factor();
      if (start < 0 || outside) {
        throw Check.error(
            this,
            "[%d, %d + %s) lies outside axis %d of %s".formatted(start, start, length, axis, from));
      }
      return operands.get(0).withShape(from.with(axis, length));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Zeros around the operand along one axis: {@code before} in front, the rest up to {@code size}.
   */
  record Pad(int axis, long before, Dim size) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = Check.floating(this, operands.get(0)).shape();
      Check.axis(this, axis, from);
      Dim extent = from.dim(axis);
      boolean outside =
          extent.isLiteral() && size.isLiteral() && before + extent.factor() > size.factor();
      if (before < 0 || outside) {
        throw Check.error(
            this, "%d zeros before %s do not fit into %s".formatted(before, extent, size));
      }
      return operands.get(0).withShape(from.with(axis, size));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** Operands one after the other along one axis, on which their extents are literal numbers. */
  record Concat(int axis) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, Integer.MAX_VALUE);
      TensorType first = operands.get(0);
      Check.axis(this, axis, first.shape());
      long extent = 0;
      for (TensorType operand : operands) {
        boolean fits =
            operand.element() == first.element()
                && operand.shape().rank() == first.shape().rank()
                && operand.shape().dim(axis).isLiteral()
                && operand.shape().with(axis, Dim.ONE).equals(first.shape().with(axis, Dim.ONE));
        if (!fits) {
          throw Check.error(
              this,
              "%s does not follow %s along axis %d; all other axes must agree and axis %d be literal"
                  .formatted(operand, first, axis, axis));
        }
        extent += operand.shape().dim(axis).factor();
      }
      return first.withShape(first.shape().with(axis, Dim.of(extent)));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** Reductions along one axis. */
  enum ReduceKind {
    SUM,
    /** The largest; tied entries share the gradient equally. */
    MAX
  }

  /** A reduction of a FLOAT operand along one axis, which stays with extent 1. */
  record Reduce(ReduceKind kind, int axis) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Shape from = Check.floating(this, operands.get(0)).shape();
      Check.axis(this, axis, from);
      return operands.get(0).withShape(from.with(axis, Dim.ONE));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public String title() {
      return kind.name();
    }
  }

  /**
   * Matrix product over the last two axes, {@code [..., m, k] × [..., k, n]}, all axes in front
   * equal; a transposed operand is given as {@code [..., k, m]} or {@code [..., n, k]}.
   */
  record MatMul(boolean transposeLeft, boolean transposeRight) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 2);
      Shape left = Check.floating(this, operands.get(0)).shape();
      Shape right = Check.floating(this, operands.get(1)).shape();
      boolean ranks = left.rank() >= 2 && left.rank() == right.rank();
      if (!ranks
          || !left.slice(0, left.rank() - 2).equals(right.slice(0, right.rank() - 2))
          || !left.dim(transposeLeft ? -2 : -1).equals(right.dim(transposeRight ? -1 : -2))) {
        throw Check.error(
            this,
            "cannot multiply %s%s by %s%s"
                .formatted(
                    left,
                    transposeLeft ? " (transposed)" : "",
                    right,
                    transposeRight ? " (transposed)" : ""));
      }
      Shape batch = left.slice(0, left.rank() - 2);
      return TensorType.floating(
          batch.append(left.dim(transposeLeft ? -1 : -2), right.dim(transposeRight ? -2 : -1)));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code x·Wᵀ + b} over the last axis of x {@code [..., in]}: weight {@code [out, in]} as
   * checkpoints store it, optional bias {@code [out]}. Transposed: {@code x·W + b} with weight
   * {@code [in, out]}.
   */
  record Linear(boolean transposed) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 3);
      operands.forEach(operand -> Check.floating(this, operand));
      Shape x = operands.get(0).shape();
      Shape weight = operands.get(1).shape();
      Check.rank(this, "x", x, 1);
      if (weight.rank() != 2 || !weight.dim(transposed ? 0 : 1).equals(x.last())) {
        throw Check.error(
            this,
            "x %s needs a weight %s, got %s"
                .formatted(
                    x, transposed ? "[" + x.last() + ", out]" : "[out, " + x.last() + "]", weight));
      }
      Dim out = weight.dim(transposed ? 1 : 0);
      if (operands.size() == 3 && !operands.get(2).shape().equals(Shape.of(out))) {
        throw Check.error(
            this, "needs a bias [%s], got %s".formatted(out, operands.get(2).shape()));
      }
      return TensorType.floating(x.with(-1, out));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** exp(x) divided by its sum over the last axis, without overflow. */
  record Softmax() implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 1, 1);
      Check.rank(this, "x", operands.get(0).shape(), 1);
      return Check.floating(this, operands.get(0));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code (x − mean) / sqrt(variance + epsilon) · scale + bias} over the last axis, with the
   * variance of the population; scale and bias {@code [features]} (Ba et al., 2016).
   */
  record LayerNorm(double epsilon) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 3, 3);
      operands.forEach(operand -> Check.floating(this, operand));
      Shape x = operands.get(0).shape();
      Check.rank(this, "x", x, 1);
      Shape features = Shape.of(x.last());
      if (!operands.get(1).shape().equals(features) || !operands.get(2).shape().equals(features)) {
        throw Check.error(
            this,
            "x %s needs scale and bias %s, got %s and %s"
                .formatted(x, features, operands.get(1).shape(), operands.get(2).shape()));
      }
      return operands.get(0);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Rows of a table {@code [rows, ...]} at INT indices {@code [...]}, each in {@code [0, rows)}.
   */
  record Gather() implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 2);
      Shape table = operands.get(0).shape();
      Check.rank(this, "the table", table, 1);
      Check.integer(this, operands.get(1));
      Shape row = table.slice(1, table.rank());
      return operands.get(0).withShape(operands.get(1).shape().concat(row));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A table {@code [rows, ...]} of zeros to which updates are added at INT indices; operands are
   * indices {@code [...]} and updates {@code [indices..., row...]}. The adjoint of {@link Gather}.
   */
  record ScatterAdd(Dim rows) implements Op {
    @Override
    public TensorType infer(List<TensorType> operands) {
      Check.count(this, operands, 2, 2);
      Shape indices = Check.integer(this, operands.get(0)).shape();
      Shape updates = Check.floating(this, operands.get(1)).shape();
      boolean fits =
          updates.rank() >= indices.rank() && updates.slice(0, indices.rank()).equals(indices);
      if (!fits) {
        throw Check.error(
            this,
            "updates %s do not begin with the axes of indices %s".formatted(updates, indices));
      }
      Shape row = updates.slice(indices.rank(), updates.rank());
      return TensorType.floating(Shape.of(rows).concat(row));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** One method per operation: whoever handles operations handles all of them. */
  interface Visitor<R> {
    R visit(Input op);

    R visit(Parameter op);

    R visit(Scalar op);

    R visit(DimSize op);

    R visit(Unary op);

    R visit(Binary op);

    R visit(Compare op);

    R visit(Where op);

    R visit(Cast op);

    R visit(StopGradient op);

    R visit(Reshape op);

    R visit(Transpose op);

    R visit(Broadcast op);

    R visit(Slice op);

    R visit(Pad op);

    R visit(Concat op);

    R visit(Reduce op);

    R visit(MatMul op);

    R visit(Linear op);

    R visit(Softmax op);

    R visit(LayerNorm op);

    R visit(Gather op);

    R visit(ScatterAdd op);
  }

  /**
   * Every operation by its title: the records, and of records with kinds one entry for each kind.
   * What must cover all operations counts against this.
   */
  static List<String> titles() {
    List<String> titles = new ArrayList<>();
    for (Class<?> record : Op.class.getPermittedSubclasses()) {
      if (record == Unary.class) {
        addAll(titles, UnaryKind.values());
      } else if (record == Binary.class) {
        addAll(titles, BinaryKind.values());
      } else if (record == Compare.class) {
        addAll(titles, CompareKind.values());
      } else if (record == Reduce.class) {
        addAll(titles, ReduceKind.values());
      } else {
        titles.add(record.getSimpleName());
      }
    }
    return titles;
  }

  private static void addAll(List<String> titles, Enum<?>[] kinds) {
    for (Enum<?> kind : kinds) {
      titles.add(kind.name());
    }
  }
}
