package org.bertology.core.checkpoint;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;

/** Weights of which each layer has those that it shares with others under a name of its own. */
final class UnsharedWeights implements StoredWeights {
  private final StoredWeights shared;

  /** The name among the shared weights, by the name here. */
  private final Map<String, String> sources = new LinkedHashMap<>();

  /**
   * A view of weights.
   *
   * @param config of the model whose layers share them
   */
  UnsharedWeights(StoredWeights shared, TransformerConfig config, Task task) {
    this.shared = shared;
    Map<String, ModelParameter> before = parameters(config, task);
    Map<Place, String> after = new HashMap<>();
    for (ModelParameter parameter : parameters(config.unshared(), task).values()) {
      parameter.places().forEach(place -> after.put(place, parameter.name()));
    }
    for (String name : shared.names()) {
      ModelParameter parameter = before.get(name);
      Collection<Place> places = parameter == null ? List.of() : parameter.places();
      if (places.isEmpty()) {
        sources.put(name, name);
      }
      places.forEach(place -> sources.put(after.getOrDefault(place, name), name));
    }
  }

  private static Map<String, ModelParameter> parameters(TransformerConfig config, Task task) {
    return ModelDefinition.of(config, task, Set.of()).parameters();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(sources.keySet());
  }

  @Override
  public long[] shape(String name) {
    return shared.shape(source(name));
  }

  @Override
  public Tensor get(String name) {
    return shared.get(source(name));
  }

  @Override
  public Tensor tensor(String name) {
    return shared.tensor(source(name));
  }

  @Override
  public StoredType storedType(String name) {
    return shared.storedType(source(name));
  }

  private String source(String name) {
    String source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException("no parameter is named '%s'".formatted(name));
    }
    return source;
  }
}
