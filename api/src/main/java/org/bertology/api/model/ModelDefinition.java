package org.bertology.api.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * A model before it has weights.
 *
 * @param graph of all values named in {@link Hooks}; {@link ModelInputs} makes its inputs
 * @param parameters by name, in the order in which the model uses them
 * @param constants by name: parameters that no checkpoint holds, because they are computed
 */
public record ModelDefinition(
    Graph graph, Map<String, ModelParameter> parameters, Map<String, Tensor> constants) {

  public ModelDefinition {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    constants = Map.copyOf(constants);
  }

  /**
   * The model of a configuration.
   *
   * @param masks the kinds of masks that become inputs
   * @throws IllegalArgumentException if the family has no head for the task, or the task is
   *     regression and there is not exactly one label
   */
  public static ModelDefinition of(TransformerConfig config, Task task, Set<Mask> masks) {
    return build(new ModelBuilder(config, masks, PreparedInputs::new), task);
  }

  /** The same values from the inputs of {@link PlainModel}. */
  static ModelDefinition plain(TransformerConfig config, Task task, Set<Mask> masks) {
    return build(new ModelBuilder(config, masks, PlainInputs::new), task);
  }

  private static ModelDefinition build(ModelBuilder model, Task task) {
    Family family = model.config().family();
    if (!family.tasks().contains(task)) {
      throw new IllegalArgumentException(
          "%s has no head for the task %s; it has heads for %s"
              .formatted(family.title(), task, EnumSet.copyOf(family.tasks())));
    }
    family.append(model, task);
    return model.build();
  }

  /** The parameters by where the model uses them; a shared one is there several times. */
  public Map<Place, ModelParameter> parametersByPlace() {
    Map<Place, ModelParameter> places = new LinkedHashMap<>();
    for (ModelParameter parameter : parameters.values()) {
      parameter.places().forEach(place -> places.put(place, parameter));
    }
    return places;
  }

  /** The parameters that some outputs depend on, constants left out. */
  public List<ModelParameter> parameters(Collection<String> outputs) {
    return graph.nodes(outputs).stream()
        .map(Value::op)
        .filter(Op.Parameter.class::isInstance)
        .map(op -> parameters.get(((Op.Parameter) op).name()))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The weights of a checkpoint together with the constants. */
  public Weights with(Weights weights) {
    return constants.isEmpty() ? weights : Weights.layered(constants, weights);
  }
}
