package org.bertology.core.prune;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
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
  private static final Pattern LAYER = Pattern.compile("(.*\\bencoder\\.layer\\.)(\\d+)\\.(.+)");

  private final StoredWeights whole;
  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  /**
   * A tensor that is left.
   *
   * @param source its name before
   * @param storedName its name in a file
   * @param axis along which slices are left
   * @param kept the slices; none if all are, so that the tensor is what it was
   */
  private record Piece(String source, String storedName, int axis, Optional<int[]> kept) {}

  /** Slices of a tensor that belong to units of one kind. */
  private record Slices(Mask kind, int axis) {}

  /**
   * A view of weights.
   *
   * @param layers those that are left, ascending
   */
  CutWeights(StoredWeights whole, ModelMask mask, List<Integer> layers) {
    this.whole = whole;
    for (String name : whole.names()) {
      Matcher matcher = LAYER.matcher(name);
      if (!matcher.matches()) {
        pieces.put(name, new Piece(name, whole.storedName(name), 0, Optional.empty()));
        continue;
      }
      int layer = layers.indexOf(number(matcher.group(2)));
      if (layer >= 0) {
        addPiece(name, matcher, layer, mask);
      }
    }
  }

  private static int number(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private void addPiece(String name, Matcher matcher, int layer, ModelMask mask) {
    Optional<Slices> slices = slices(matcher.group(3));
    Optional<int[]> kept = slices.map(found -> kept(found.kind(), number(matcher.group(2)), mask));
    int axis = slices.map(Slices::axis).orElse(0);
    boolean all = kept.isPresent() && kept.get().length == whole.shape(name)[axis];
    pieces.put(
        renumbered(name, layer),
        new Piece(
            name, renumbered(whole.storedName(name), layer), axis, all ? Optional.empty() : kept));
  }

  private static String renumbered(String name, int layer) {
    Matcher matcher = LAYER.matcher(name);
    return matcher.matches()
        ? "%s%d.%s".formatted(matcher.group(1), layer, matcher.group(3))
        : name;
  }

  /** A linear map's weight is {@code [outputs, inputs]}. */
  private static Optional<Slices> slices(String parameter) {
    if (parameter.matches("attention\\.self\\.(query|key|value)\\..*")) {
      return Optional.of(new Slices(Mask.HEADS, 0));
    }
    return switch (parameter) {
      case "attention.output.dense.weight" -> Optional.of(new Slices(Mask.HEADS, 1));
      case "intermediate.dense.weight", "intermediate.dense.bias" ->
          Optional.of(new Slices(Mask.NEURONS, 0));
      case "output.dense.weight" -> Optional.of(new Slices(Mask.NEURONS, 1));
      default -> Optional.empty();
    };
  }

  /** The indices along a parameter's axis that belong to units which are left. */
  private static int[] kept(Mask kind, int layer, ModelMask mask) {
    LayerGeometry geometry = mask.config().layers().get(layer);
    int size = kind == Mask.HEADS ? geometry.headSize() : 1;
    return IntStream.range(0, kind.width(geometry))
        .filter(unit -> mask.get(new Unit(kind, layer, unit)) != 0)
        .flatMap(unit -> IntStream.range(unit * size, (unit + 1) * size))
        .toArray();
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
  public String storedName(String name) {
    return piece(name).storedName();
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
