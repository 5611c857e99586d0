package org.bertology.core.checkpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.checkpoint.WeightsView.Part;

/** Weights of which each layer has those that it shares with others under a name of its own. */
final class UnsharedWeights {
  private UnsharedWeights() {}

  /**
   * A view of weights.
   *
   * @param config of the model whose layers share them
   */
  static StoredWeights of(StoredWeights shared, TransformerConfig config, Task task) {
    Map<String, ModelParameter> before = ModelDefinition.of(config, task, Set.of()).parameters();
    Map<Place, ModelParameter> after =
        ModelDefinition.of(config.unshared(), task, Set.of()).parametersByPlace();
    Map<String, Part> parts = new LinkedHashMap<>();
    for (String name : shared.names()) {
      ModelParameter parameter = before.get(name);
      Collection<Place> places = parameter == null ? List.of() : parameter.places();
      if (places.isEmpty()) {
        parts.put(name, Part.whole(name));
      }
      for (Place place : places) {
        ModelParameter own = after.get(place);
        parts.put(own == null ? name : own.name(), Part.whole(name));
      }
    }
    return new WeightsView(shared, parts);
  }
}
