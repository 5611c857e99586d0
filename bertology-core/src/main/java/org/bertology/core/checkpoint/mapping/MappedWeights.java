package org.bertology.core.checkpoint.mapping;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.WeightsView;
import org.bertology.core.checkpoint.WeightsView.Part;

/** Weights under other names, whole or in parts. */
final class MappedWeights {
  private MappedWeights() {}

  static StoredWeights of(String source, StoredWeights stored, List<TensorRule> rules) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (String tensor : stored.names()) {
      Optional<TensorRule> rule =
          rules.stream().filter(candidate -> candidate.parameters(tensor).isPresent()).findFirst();
      List<String> names = rule.flatMap(found -> found.parameters(tensor)).orElse(List.of(tensor));
      rule.ifPresent(found -> require(found, tensor, stored.shape(tensor), names.size()));
      boolean transposed = rule.filter(TensorRule::transposed).isPresent();
      Part whole = transposed ? Part.transposed(tensor) : Part.whole(tensor);
      for (int index = 0; index < names.size(); index++) {
        Part part = names.size() == 1 ? whole : divided(whole, index, names.size());
        Part other = parts.putIfAbsent(names.get(index), part);
        if (other != null) {
          throw new ContentException(
              "%s makes both '%s' and '%s' the parameter '%s'"
                  .formatted(source, other.source(), tensor, names.get(index)));
        }
      }
    }
    return new WeightsView(stored, parts);
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

  /**
   * One of equal parts along the first axis.
   *
   * @param index of the part
   * @param count of parts
   */
  private static Part divided(Part whole, int index, int count) {
    return whole.then(
        tensor -> divided(tensor, index, count),
        shape -> {
          shape[0] /= count;
          return shape;
        });
  }

  private static Tensor divided(Tensor whole, int index, int count) {
    long[] shape = whole.shape();
    shape[0] /= count;
    ByteBuffer bytes = whole.bytes();
    int length = bytes.remaining() / count;
    ByteBuffer slice = bytes.slice(bytes.position() + index * length, length);
    return Tensor.of(whole.type(), shape, slice.order(ByteOrder.LITTLE_ENDIAN));
  }
}
