package org.bertology.api.graph;

/** What is known of a value before it is computed: the type of its elements, and its shape. */
public record TensorType(ElementType element, Shape shape) {
  public static TensorType floating(Shape shape) {
    return new TensorType(ElementType.FLOAT, shape);
  }

  public boolean isFloat() {
    return element == ElementType.FLOAT;
  }

  public TensorType withShape(Shape changed) {
    return new TensorType(element, changed);
  }

  @Override
  public String toString() {
    return element + " " + shape;
  }
}
