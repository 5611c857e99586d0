package org.bertology.core.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.ModelParameter.Place;
import org.bertology.api.model.Stack;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * Physical removal of what a mask takes away. The model that is left is the same function with
 * another geometry: rows and columns of the attention's projections, columns and rows of the
 * feed-forward networks and whole layers are gone. Of an attention without heads and of a
 * feed-forward network without neurons the output bias stays.
 */
public final class Cut {
  private final ModelConfig whole;
  private final ModelMask mask;
  private final List<Integer> layers;

  private Cut(ModelConfig whole, ModelMask mask) {
    this.whole = whole;
    this.mask = mask;
    this.layers = IntStream.range(0, whole.layers().size()).filter(mask::keeps).boxed().toList();
  }

  /**
   * A model without what a mask takes away. It reads the tensors of the given one when they are
   * asked for, and its configuration counts heads and layers as before anything was pruned.
   *
   * @throws IllegalArgumentException as {@link #require} does
   */
  public static Checkpoint of(Checkpoint whole, ModelMask mask) {
    require(whole.config().transformer(), mask);
    Cut cut = new Cut(whole.config(), mask);
    return whole.with(cut.config(), cut.weights(whole.weights(), whole.task()));
  }

  /**
   * Refuses a mask that cannot be cut.
   *
   * @throws IllegalArgumentException if it is of another geometry, has factors other than 0 and 1,
   *     takes away all layers of a stack or all heads, or differs in layers that share their
   *     parameters
   */
  public static void require(TransformerConfig whole, ModelMask mask) {
    if (!mask.config().equals(whole)) {
      throw new IllegalArgumentException(
          "the mask is of a model of another geometry; make it from this model's configuration");
    }
    if (!mask.isBinary()) {
      throw new IllegalArgumentException(
          "a mask with factors other than 0 and 1 scales what it masks and cannot be cut out; use 0 for what goes and 1 for what stays");
    }
    TransformerConfig left = mask.cut();
    for (Stack stack : Stack.values()) {
      if (left.count(stack) == 0 && whole.count(stack) > 0) {
        throw new IllegalArgumentException(
            "all %d %slayers are to go; keep at least one"
                .formatted(whole.count(stack), stack.prefix().replace('.', ' ')));
      }
    }
    if (left.totalHeads() == 0 && whole.totalHeads() > 0) {
      throw new IllegalArgumentException(
          "all %d heads of all layers are to go; keep at least one".formatted(whole.totalHeads()));
    }
  }

  private StoredWeights weights(StoredWeights weights, Task task) {
    List<LayerGeometry> named = whole.layers().stream().map(Cut::unpruned).toList();
    ModelDefinition before = definition(whole.transformer(), named, task);
    ModelDefinition after = definition(mask.cut(), layers.stream().map(named::get).toList(), task);
    Map<String, Place> left = new LinkedHashMap<>();
    for (ModelParameter parameter : after.parameters().values()) {
      left.put(parameter.name(), placeBefore(parameter.place()));
    }
    return CutWeights.of(weights, mask, before.parametersByPlace(), left);
  }

  private static ModelDefinition definition(
      TransformerConfig config, List<LayerGeometry> named, Task task) {
    return ModelDefinition.of(config.withLayers(named), task, Set.of());
  }

  /** A layer in which all parameters have a name, also those of heads and neurons that are gone. */
  private static LayerGeometry unpruned(LayerGeometry layer) {
    int neurons = layer.stack() == Stack.CROSS ? 0 : Math.max(1, layer.intermediateSize());
    return layer.with(Math.max(1, layer.heads()), neurons);
  }

  /** Where the whole model has what is at a place of the model that is left. */
  private Place placeBefore(Place place) {
    return place.layer().isEmpty()
        ? place
        : new Place(
            place.component(), OptionalInt.of(layers.get(place.layer().getAsInt())), place.role());
  }

  private ModelConfig config() {
    Map<Integer, List<Integer>> prunedHeads = new TreeMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      List<Integer> gone = goneHeads(layers.get(layer));
      if (!gone.isEmpty()) {
        prunedHeads.put(layer, gone);
      }
    }
    return whole.pruned(prunedHeads, mask.cut(), originalLayers());
  }

  /** Original indices of all heads that a layer no longer has; none if they cannot be known. */
  private List<Integer> goneHeads(int layer) {
    List<Integer> before = whole.prunedHeads().getOrDefault(layer, List.of());
    List<Integer> masked =
        mask.masked(Mask.HEADS).stream()
            .filter(unit -> unit.layer() == layer)
            .map(Unit::index)
            .toList();
    if (masked.size() == whole.layers().get(layer).heads()) {
      return IntStream.range(0, whole.attentionHeads()).boxed().toList();
    }
    Optional<List<Integer>> heads = whole.heads(layer);
    return heads
        .map(
            original ->
                Stream.concat(before.stream(), masked.stream().map(original::get))
                    .sorted(Comparator.naturalOrder())
                    .toList())
        .orElse(List.of());
  }

  private List<Integer> originalLayers() {
    boolean known = !whole.originalLayers().isEmpty();
    if (!known && layers.size() == whole.layers().size()) {
      return List.of();
    }
    List<Integer> original = new ArrayList<>();
    layers.forEach(layer -> original.add(whole.originalLayer(layer)));
    return original;
  }
}
