package org.bertology.core.prove;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * What a pruned model lacks of the one that it was made of. Heads and layers are told by their
 * original numbers in the two configurations, neurons by their weights.
 */
public final class PrunedUnits {
  private final Checkpoint whole;
  private final Checkpoint pruned;
  private final List<Unit> gone = new ArrayList<>();

  private PrunedUnits(Checkpoint whole, Checkpoint pruned) {
    this.whole = whole;
    this.pruned = pruned;
  }

  /**
   * The mask under which one model should compute what the other does.
   *
   * @throws IllegalArgumentException if the second is no pruned form of the first, or what it lacks
   *     is not certain
   */
  public static ModelMask between(Checkpoint whole, Checkpoint pruned) {
    return new PrunedUnits(whole, pruned).mask();
  }

  private ModelMask mask() {
    List<Integer> left = layersLeft();
    requireSameModel(left);
    for (int layer = 0; layer < wholeConfig().layers().size(); layer++) {
      int place = left.indexOf(layer);
      if (place < 0) {
        gone.add(Unit.layer(wholeConfig().transformer().maskedWith(layer)));
      } else {
        addHeads(layer, place);
        addNeurons(layer, place);
      }
    }
    return ModelMask.ones(wholeConfig().transformer()).without(gone);
  }

  private ModelConfig wholeConfig() {
    return whole.config();
  }

  private String title(int layer) {
    return LayerTitles.of(wholeConfig().layers()).of(layer);
  }

  private void requireSameModel(List<Integer> left) {
    TransformerConfig config = pruned.config().transformer();
    TransformerConfig cut = sharingAs(config).keeping(left, config.layers());
    if (!cut.equals(config)) {
      throw notPruned("they differ in more than layers, heads and neurons");
    }
  }

  /** The whole model, with parameters of its own for each layer if the pruned one has such. */
  private TransformerConfig sharingAs(TransformerConfig config) {
    return config.sharesParameters()
        ? wholeConfig().transformer()
        : wholeConfig().transformer().unshared();
  }

  /** For each layer of the pruned model, which one of the whole model it is. */
  private List<Integer> layersLeft() {
    int layers = wholeConfig().layers().size();
    ModelConfig config = pruned.config();
    if (config.originalLayers().isEmpty() && config.layers().size() != layers) {
      throw uncertain("which of the %d layers are gone".formatted(layers));
    }
    List<Integer> numbers =
        IntStream.range(0, layers).mapToObj(wholeConfig()::originalLayer).toList();
    List<Integer> left = new ArrayList<>();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      // Without numbers of their own, the layers are those of the whole model.
      int place =
          config.originalLayers().isEmpty() ? layer : numbers.indexOf(config.originalLayer(layer));
      if (place < 0) {
        throw notPruned("it has a layer %d".formatted(config.originalLayer(layer) + 1));
      }
      left.add(place);
    }
    return left;
  }

  private void addHeads(int layer, int place) {
    int before = wholeConfig().layers().get(layer).heads();
    int after = pruned.config().layers().get(place).heads();
    if (after == 0) {
      addAll(Mask.HEADS, layer, before);
      return;
    }
    Optional<List<Integer>> all = wholeConfig().heads(layer);
    Optional<List<Integer>> left = pruned.config().heads(place);
    if (all.isPresent() && left.isPresent()) {
      addOthers(layer, all.get(), left.get());
    } else if (before != after) {
      throw uncertain("which heads of layer %s are gone".formatted(title(layer)));
    }
  }

  private void addOthers(int layer, List<Integer> all, List<Integer> left) {
    if (!all.containsAll(left)) {
      throw notPruned("it has heads in layer %s that the other lacks".formatted(title(layer)));
    }
    for (int head = 0; head < all.size(); head++) {
      if (!left.contains(all.get(head))) {
        gone.add(Unit.head(layer, head));
      }
    }
  }

  private void addNeurons(int layer, int place) {
    int before = wholeConfig().layers().get(layer).intermediateSize();
    int after = pruned.config().layers().get(place).intermediateSize();
    if (after > before) {
      throw notPruned("it has more neurons in layer %s".formatted(title(layer)));
    }
    if (after == 0) {
      addAll(Mask.NEURONS, layer, before);
    } else if (after < before) {
      BitSet left =
          MatchingRows.of(neuronRows(whole, layer), neuronRows(pruned, place))
              .orElseThrow(
                  () -> uncertain("which neurons of layer %s are gone".formatted(title(layer))));
      IntStream.range(0, before)
          .filter(neuron -> !left.get(neuron))
          .forEach(neuron -> gone.add(Unit.neuron(layer, neuron)));
    }
  }

  /** A weight of a layer that has one row per neuron. */
  private static Tensor neuronRows(Checkpoint checkpoint, int layer) {
    TransformerConfig config = checkpoint.config().transformer();
    ModelParameter parameter =
        ModelDefinition.of(config, checkpoint.task(), Set.of()).parameters().values().stream()
            .filter(candidate -> isOfNeuronRows(candidate, layer))
            .findFirst()
            .orElseThrow();
    return checkpoint.weights().get(parameter.name());
  }

  private static boolean isOfNeuronRows(ModelParameter parameter, int layer) {
    return parameter.slices().filter(s -> s.kind() == Mask.NEURONS && s.axis() == 0).isPresent()
        && parameter.shape().rank() == 2
        && parameter.places().stream()
            .anyMatch(place -> place.layer().equals(OptionalInt.of(layer)));
  }

  private void addAll(Mask kind, int layer, int count) {
    IntStream.range(0, count).forEach(index -> gone.add(new Unit(kind, layer, index)));
  }

  private IllegalArgumentException notPruned(String reason) {
    return new IllegalArgumentException(
        "'%s' is no pruned form of '%s': %s".formatted(pruned.source(), whole.source(), reason));
  }

  private IllegalArgumentException uncertain(String what) {
    return new IllegalArgumentException(
        "'%s' does not tell %s; say what was taken away with --head-mask, --neuron-mask and --layer-mask"
            .formatted(pruned.source(), what));
  }
}
