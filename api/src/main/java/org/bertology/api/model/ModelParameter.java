package org.bertology.api.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.graph.Shape;

/**
 * A parameter of a model.
 *
 * @param name in Hugging Face's checkpoints
 * @param shape with numbers only
 * @param places where the model uses it; more than one if it is shared
 * @param slices how it is divided among heads or neurons; none if it belongs to all of them
 */
public record ModelParameter(
    String name, Shape shape, List<Place> places, Optional<Slices> slices) {

  public ModelParameter {
    places = List.copyOf(places);
  }

  /**
   * A use of a parameter.
   *
   * @param layer counted from 0, if it is in a layer
   * @param role the name within the layer, which is the same in all layers of a stack; the whole
   *     name outside of layers
   */
  public record Place(Component component, OptionalInt layer, String role) {}

  /** Whether the model uses it in several places. */
  public boolean isShared() {
    return places.size() > 1;
  }

  /** Where the model uses it first. */
  public Place place() {
    return places.get(0);
  }

  /** How many numbers it holds. */
  public long size() {
    return shape.size().factor();
  }
}
