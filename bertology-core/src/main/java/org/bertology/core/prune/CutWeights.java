package org.bertology.core.prune;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Slices;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * What a mask leaves of weights; slices are made each time that a tensor is asked for. A layer
 * without heads or neurons keeps its projections, to none: whoever reads a file of these weights
 * without knowing of such layers sees that a shape is wrong, and does not make weights up.
 */
final class CutWeights implements StoredWeights {
  private final StoredWeights whole;
  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  /**
   * A tensor that is left.
   *
   * @param source its name before
   * @param axis along which slices are left
   * @param kept the slices; none if all are, so that the tensor is what it was
   */
  private record Piece(String source, int axis, Optional<int[]> kept) {}

  /**
   * A view of weights.
   *
   * @param parameters the names of the whole model's parameters
   * @param left the parameters of the model that is left, by name, and what they are made of
   */
  CutWeights(
      StoredWeights whole, ModelMask mask, Set<String> parameters, Map<String, Origin> left) {
    this.whole = whole;
    for (String name : whole.names()) {
      if (!parameters.contains(name)) {
        pieces.put(name, new Piece(name, 0, Optional.empty()));
      }
    }
    left.forEach(
        (name, origin) -> {
          if (whole.names().contains(origin.parameter().name())) {
            pieces.put(name, piece(origin, mask));
          }
        });
  }

  /**
   * What a parameter is made of.
   *
   * @param parameter of the whole model
   * @param place where that model uses it as the other one is used
   */
  record Origin(ModelParameter parameter, Place place) {}

  private Piece piece(Origin origin, ModelMask mask) {
    ModelParameter parameter = origin.parameter();
    if (parameter.slices().isEmpty()) {
      return new Piece(parameter.name(), 0, Optional.empty());
    }
    Slices slices = parameter.slices().get();
    int[] kept = kept(slices, origin.place(), mask);
    boolean all = kept.length == whole.shape(parameter.name())[slices.axis()];
    return new Piece(parameter.name(), slices.axis(), all ? Optional.empty() : Optional.of(kept));
  }

  /** The entries along a parameter's axis that belong to units which are left. */
  private static int[] kept(Slices slices, Place place, ModelMask mask) {
    int layer = place.layer().orElseThrow();
    Mask kind = slices.kind();
    int units = kind.width(mask.config().layers().get(layer));
    int[] left =
        IntStream.range(0, units)
            .filter(unit -> mask.get(new Unit(kind, layer, unit)) != 0)
            .toArray();
    return slices.entries(left, units);
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(pieces.keySet());
  }

  @Override
  public long[] shape(String name) {
    Piece piece = piece(name);
    long[] shape = whole.shape(piece.source());
    piece.kept().ifPresent(kept -> shape[piece.axis()] = kept.length);
    return shape;
  }

  @Override
  public Tensor get(String name) {
    Piece piece = piece(name);
    return cut(piece, whole.get(piece.source()));
  }

  @Override
  public Tensor tensor(String name) {
    Piece piece = piece(name);
    return cut(piece, whole.tensor(piece.source()));
  }

  private static Tensor cut(Piece piece, Tensor tensor) {
    return piece.kept().map(kept -> Slicing.of(tensor, piece.axis(), kept)).orElse(tensor);
  }

  @Override
  public StoredType storedType(String name) {
    return whole.storedType(piece(name).source());
  }

  private Piece piece(String name) {
    Piece piece = pieces.get(name);
    if (piece == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return piece;
  }
}
