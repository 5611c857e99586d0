package org.bertology.core.prune;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Slices;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.WeightsView;
import org.bertology.core.checkpoint.WeightsView.Part;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * What a mask leaves of weights; slices are made each time that a tensor is asked for. A layer
 * without heads or neurons keeps its projections, to none: whoever reads a file of these weights
 * without knowing of such layers sees that a shape is wrong, and does not make weights up.
 */
final class CutWeights {
  private CutWeights() {}

  /**
   * A view of weights.
   *
   * @param parameters of the whole model by place; what is of none of them stays
   * @param left the parameters of the model that is left, by name, and where the whole model has
   *     each
   */
  static StoredWeights of(
      StoredWeights whole,
      ModelMask mask,
      Map<Place, ModelParameter> parameters,
      Map<String, Place> left) {
    Map<String, Part> parts = new LinkedHashMap<>();
    whole.names().forEach(name -> parts.put(name, Part.whole(name)));
    parameters.values().forEach(parameter -> parts.remove(parameter.name()));
    left.forEach(
        (name, place) -> {
          ModelParameter parameter = requireNonNull(parameters.get(place), name);
          if (whole.names().contains(parameter.name())) {
            parts.put(name, part(parameter, place, mask));
          }
        });
    return new WeightsView(whole, parts);
  }

  private static Part part(ModelParameter parameter, Place place, ModelMask mask) {
    Part whole = Part.whole(parameter.name());
    return parameter
        .slices()
        .map(slices -> sliced(whole, slices.axis(), kept(slices, place, mask)))
        .orElse(whole);
  }

  private static Part sliced(Part whole, int axis, int[] kept) {
    return whole.then(
        tensor -> tensor.extent(axis) == kept.length ? tensor : Slicing.of(tensor, axis, kept),
        shape -> {
          shape[axis] = kept.length;
          return shape;
        });
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
}
