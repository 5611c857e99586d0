package org.bertology.api.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.tensor.Tensor;

/** A model in the making: what a {@link Family} appends to. */
public final class ModelBuilder {
  private final GraphBuilder graph = new GraphBuilder();
  private final TransformerConfig config;
  private final EncoderInputs inputs;
  private final Set<Mask> masks;
  private final Map<String, ModelParameter> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();

  /**
   * An empty model.
   *
   * @param inputs makes its inputs
   */
  ModelBuilder(
      TransformerConfig config, Set<Mask> masks, Function<ModelBuilder, EncoderInputs> inputs) {
    this.config = config;
    this.masks = Set.copyOf(masks);
    this.inputs = inputs.apply(this);
  }

  GraphBuilder graph() {
    return graph;
  }

  TransformerConfig config() {
    return config;
  }

  EncoderInputs inputs() {
    return inputs;
  }

  boolean has(Mask kind) {
    return masks.contains(kind);
  }

  /** Names that begin with a prefix, outside of layers. */
  Scope scope(Component component, String prefix) {
    return new Scope(this, prefix, component, OptionalInt.empty(), 0);
  }

  /**
   * A parameter; asking again for the same name is another use of it.
   *
   * @throws IllegalArgumentException if it was made before with another shape
   */
  Value parameter(String name, Shape shape, Optional<Slices> slices, Place place) {
    Value value = graph.parameter(name, shape);
    ModelParameter known = parameters.get(name);
    List<Place> places = new ArrayList<>(known == null ? List.of() : known.places());
    if (!places.contains(place)) {
      places.add(place);
    }
    parameters.put(name, new ModelParameter(name, shape, places, slices));
    return value;
  }

  /** A tensor that is computed here, and looked up like a parameter when the graph is compiled. */
  Value constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return graph.parameter(name, Shape.of(Arrays.stream(tensor.shape()).boxed().toArray()));
  }

  ModelDefinition build() {
    return new ModelDefinition(graph.build(), parameters, constants);
  }
}
