package org.bertology.api.graph;

import java.util.List;

/** The checks that type rules share. */
final class Check {
  private Check() {}

  static IllegalArgumentException error(Op op, String problem) {
    return new IllegalArgumentException(op.title() + " " + problem);
  }

  static void count(Op op, List<TensorType> operands, int least, int most) {
    if (operands.size() < least || operands.size() > most) {
      String expected =
          least == most
              ? "" + least
              : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
      throw error(op, "takes %s operands, got %d".formatted(expected, operands.size()));
    }
  }

  static TensorType floating(Op op, TensorType operand) {
    if (!operand.isFloat()) {
      throw error(op, "needs FLOAT operands, got %s; cast it".formatted(operand));
    }
    return operand;
  }

  static TensorType integer(Op op, TensorType operand) {
    if (operand.element() != ElementType.INT) {
      throw error(op, "needs INT indices, got %s; cast them".formatted(operand));
    }
    return operand;
  }

  static TensorType same(Op op, TensorType left, TensorType right) {
    if (left.element() != right.element()) {
      throw error(op, "mixes %s and %s; cast one".formatted(left, right));
    }
    sameShape(op, left, right);
    return left;
  }

  static void sameShape(Op op, TensorType left, TensorType right) {
    if (!left.shape().equals(right.shape())) {
      throw error(
          op,
          "needs equal shapes, got %s and %s; broadcast one"
              .formatted(left.shape(), right.shape()));
    }
  }

  static void rank(Op op, String what, Shape shape, int least) {
    if (shape.rank() < least) {
      throw error(op, "needs %s of rank %d at least, got %s".formatted(what, least, shape));
    }
  }

  static void axis(Op op, int axis, Shape shape) {
    if (axis < 0 || axis >= shape.rank()) {
      throw error(op, "names axis %d, which %s does not have".formatted(axis, shape));
    }
  }
}
