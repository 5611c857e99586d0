package org.bertology.core.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bertology.api.tensor.Tensor;

/** Weights of which each tensor is one of others, under another name or changed in some way. */
public final class WeightsView implements StoredWeights {
  private final StoredWeights weights;
  private final Map<String, Part> parts;

  /**
   * What a tensor is made of; that is done each time it is asked for.
   *
   * @param source the name among the others
   * @param tensor what becomes of it
   * @param shape what becomes of its shape; may change its argument
   */
  public record Part(String source, UnaryOperator<Tensor> tensor, UnaryOperator<long[]> shape) {

    /** The tensor as it is. */
    public static Part whole(String source) {
      return new Part(source, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** The tensor, which must be a floating-point matrix, with its axes exchanged. */
    public static Part transposed(String source) {
      TransposedMatrix matrix = new TransposedMatrix();
      return new Part(source, matrix::of, shape -> new long[] {shape[1], shape[0]});
    }

    /** The same changed further. */
    public Part then(UnaryOperator<Tensor> change, UnaryOperator<long[]> changeOfShape) {
      return new Part(
          source,
          whole -> change.apply(tensor.apply(whole)),
          whole -> changeOfShape.apply(shape.apply(whole)));
    }
  }

  /**
   * A view of weights.
   *
   * @param parts by the name in the view, in the order of its names
   */
  public WeightsView(StoredWeights weights, Map<String, Part> parts) {
    this.weights = weights;
    this.parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  @Override
  public Set<String> names() {
    return parts.keySet();
  }

  @Override
  public long[] shape(String name) {
    Part part = part(name);
    return part.shape().apply(weights.shape(part.source()));
  }

  @Override
  public Tensor get(String name) {
    Part part = part(name);
    return part.tensor().apply(weights.get(part.source()));
  }

  @Override
  public Tensor tensor(String name) {
    Part part = part(name);
    return part.tensor().apply(weights.tensor(part.source()));
  }

  @Override
  public StoredType storedType(String name) {
    return weights.storedType(part(name).source());
  }

  private Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return part;
  }
}
