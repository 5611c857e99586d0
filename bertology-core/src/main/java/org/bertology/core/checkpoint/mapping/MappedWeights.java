package org.bertology.core.checkpoint.mapping;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.TransposedMatrix;

/** Weights under other names, whole or in parts. */
final class MappedWeights implements StoredWeights {
  private final StoredWeights stored;
  private final Map<String, Part> parts;

  /**
   * What a parameter is of a stored tensor.
   *
   * @param index which of the equal parts along the first axis
   * @param count of parts
   * @param transposed the matrix with its axes exchanged, before it is divided
   */
  private record Part(String tensor, int index, int count, Optional<TransposedMatrix> transposed) {}

  private MappedWeights(StoredWeights stored, Map<String, Part> parts) {
    this.stored = stored;
    this.parts = Collections.unmodifiableMap(parts);
  }

  static MappedWeights of(String source, StoredWeights stored, List<TensorRule> rules) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (String tensor : stored.names()) {
      Optional<TensorRule> rule =
          rules.stream().filter(candidate -> candidate.parameters(tensor).isPresent()).findFirst();
      List<String> names = rule.flatMap(found -> found.parameters(tensor)).orElse(List.of(tensor));
      Optional<TransposedMatrix> transposed =
          rule.filter(TensorRule::transposed).map(found -> new TransposedMatrix());
      rule.ifPresent(found -> require(found, tensor, stored.shape(tensor), names.size()));
      for (int index = 0; index < names.size(); index++) {
        Part part = new Part(tensor, index, names.size(), transposed);
        Part other = parts.putIfAbsent(names.get(index), part);
        if (other != null) {
          throw new ContentException(
              "%s makes both '%s' and '%s' the parameter '%s'"
                  .formatted(source, other.tensor(), tensor, names.get(index)));
        }
      }
    }
    return new MappedWeights(stored, parts);
  }

  private static void require(TensorRule rule, String tensor, long[] shape, int count) {
    if (rule.transposed() && shape.length != 2) {
      throw new ContentException(
          "%s: '%s' is to be transposed, but its shape is %s, not that of a matrix"
              .formatted(rule.source(), tensor, Arrays.toString(shape)));
    }
    long extent = shape.length == 0 ? 1 : shape[rule.transposed() ? 1 : 0];
    if (count > 1 && extent % count != 0) {
      throw new ContentException(
          "%s: '%s' is to be %d parameters, but its shape %s cannot be divided so"
              .formatted(rule.source(), tensor, count, Arrays.toString(shape)));
    }
  }

  @Override
  public Set<String> names() {
    return parts.keySet();
  }

  @Override
  public long[] shape(String name) {
    Part part = part(name);
    long[] shape = stored.shape(part.tensor());
    if (part.transposed().isPresent()) {
      shape = new long[] {shape[1], shape[0]};
    }
    if (part.count() > 1) {
      shape[0] /= part.count();
    }
    return shape;
  }

  @Override
  public Tensor get(String name) {
    Part part = part(name);
    return of(part, stored.get(part.tensor()));
  }

  @Override
  public Tensor tensor(String name) {
    Part part = part(name);
    return of(part, stored.tensor(part.tensor()));
  }

  private static Tensor of(Part part, Tensor tensor) {
    Tensor whole = part.transposed().map(matrix -> matrix.of(tensor)).orElse(tensor);
    if (part.count() == 1) {
      return whole;
    }
    long[] shape = whole.shape();
    shape[0] /= part.count();
    ByteBuffer bytes = whole.bytes();
    int length = bytes.remaining() / part.count();
    ByteBuffer slice = bytes.slice(bytes.position() + part.index() * length, length);
    return Tensor.of(whole.type(), shape, slice.order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public StoredType storedType(String name) {
    return stored.storedType(part(name).tensor());
  }

  private Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return part;
  }
}
