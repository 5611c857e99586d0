package org.bertology.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;

/**
 * One factor per head, neuron and layer of a model: 1 keeps it, 0 takes it away, anything else
 * scales it. Immutable.
 */
public final class ModelMask {
  private final TransformerConfig config;

  /** By kind, the factors of every layer; a kind that is not there is 1 throughout. */
  private final Map<Mask, float[][]> factors;

  private ModelMask(TransformerConfig config, Map<Mask, float[][]> factors) {
    this.config = config;
    this.factors = factors;
  }

  /** Everything as it is. */
  public static ModelMask ones(TransformerConfig config) {
    return new ModelMask(config, new EnumMap<>(Mask.class));
  }

  /** The same with some units at 0. */
  public ModelMask without(Collection<Unit> units) {
    return with(units, 0);
  }

  /**
   * The same with another factor for some units.
   *
   * @throws IllegalArgumentException if there is no such unit
   */
  public ModelMask with(Collection<Unit> units, float factor) {
    Map<Mask, float[][]> changed = new EnumMap<>(factors);
    changed.replaceAll((kind, layers) -> copy(layers));
    for (Unit unit : units) {
      requireUnit(unit);
      changed.computeIfAbsent(unit.kind(), this::ones)[unit.layer()][unit.index()] = factor;
    }
    return normalized(changed);
  }

  /**
   * The same with other factors for all units of a kind.
   *
   * @throws IllegalArgumentException if there is not one for each
   */
  public ModelMask with(Mask kind, float[][] layers) {
    int[] expected = Arrays.stream(ones(kind)).mapToInt(layer -> layer.length).toArray();
    int[] got = Arrays.stream(layers).mapToInt(layer -> layer.length).toArray();
    if (!Arrays.equals(expected, got)) {
      throw new IllegalArgumentException(
          "a mask of %s has %s factors by layer, this model needs %s"
              .formatted(kind, Arrays.toString(got), Arrays.toString(expected)));
    }
    Map<Mask, float[][]> changed = new EnumMap<>(factors);
    changed.put(kind, copy(layers));
    return normalized(changed);
  }

  /** The product of two masks of the same model. */
  public ModelMask times(ModelMask other) {
    ModelMask product = this;
    for (Map.Entry<Mask, float[][]> kind : other.factors.entrySet()) {
      float[][] layers = copy(layers(kind.getKey()));
      for (int layer = 0; layer < layers.length; layer++) {
        for (int i = 0; i < layers[layer].length; i++) {
          layers[layer][i] *= kind.getValue()[layer][i];
        }
      }
      product = product.with(kind.getKey(), layers);
    }
    return product;
  }

  private ModelMask normalized(Map<Mask, float[][]> changed) {
    changed.values().removeIf(layers -> count(layers, 1) == size(layers));
    return new ModelMask(config, changed);
  }

  private void requireUnit(Unit unit) {
    boolean there =
        unit.layer() < config.layers().size()
            && unit.index() < unit.kind().width(config.layers().get(unit.layer()));
    if (!there) {
      throw new IllegalArgumentException("this model has no " + unit);
    }
  }

  private float[][] ones(Mask kind) {
    float[][] layers = new float[config.layers().size()][];
    for (int layer = 0; layer < layers.length; layer++) {
      layers[layer] = new float[kind.width(config.layers().get(layer))];
      Arrays.fill(layers[layer], 1);
    }
    return layers;
  }

  private static float[][] copy(float[][] layers) {
    return Arrays.stream(layers).map(float[]::clone).toArray(float[][]::new);
  }

  private float[][] layers(Mask kind) {
    float[][] layers = factors.get(kind);
    return layers == null ? ones(kind) : layers;
  }

  /** The geometry that this is a mask of. */
  public TransformerConfig config() {
    return config;
  }

  /** The kinds that have a factor other than 1. */
  public Set<Mask> kinds() {
    return factors.isEmpty() ? Set.of() : EnumSet.copyOf(factors.keySet());
  }

  /** The factor of a unit. */
  public float get(Unit unit) {
    requireUnit(unit);
    float[][] layers = factors.get(unit.kind());
    return layers == null ? 1 : layers[unit.layer()][unit.index()];
  }

  /** The factors of a kind, layer after layer; a copy. */
  public double[][] factors(Mask kind) {
    float[][] layers = layers(kind);
    double[][] copies = new double[layers.length][];
    for (int layer = 0; layer < layers.length; layer++) {
      copies[layer] = new double[layers[layer].length];
      for (int i = 0; i < copies[layer].length; i++) {
        copies[layer][i] = layers[layer][i];
      }
    }
    return copies;
  }

  /** The factors of a kind in one layer; a copy. */
  public float[] factors(Mask kind, int layer) {
    return layers(kind)[layer].clone();
  }

  /** All units of a kind, layer after layer. */
  public List<Unit> units(Mask kind) {
    List<Unit> units = new ArrayList<>();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      for (int i = 0; i < kind.width(config.layers().get(layer)); i++) {
        units.add(new Unit(kind, layer, i));
      }
    }
    return units;
  }

  /** The units of a kind that are at 0, layer after layer. */
  public List<Unit> masked(Mask kind) {
    return units(kind).stream().filter(unit -> get(unit) == 0).toList();
  }

  /** How many units of a kind are at 0. */
  public int maskedCount(Mask kind) {
    float[][] layers = factors.get(kind);
    return layers == null ? 0 : count(layers, 0);
  }

  private static int count(float[][] layers, float factor) {
    int count = 0;
    for (float[] layer : layers) {
      for (float value : layer) {
        count += value == factor ? 1 : 0;
      }
    }
    return count;
  }

  private static int size(float[][] layers) {
    return Arrays.stream(layers).mapToInt(layer -> layer.length).sum();
  }

  /** Whether every factor is 0 or 1, so that cutting gives the same function. */
  public boolean isBinary() {
    return factors.values().stream()
        .allMatch(layers -> count(layers, 0) + count(layers, 1) == size(layers));
  }

  /**
   * The geometry that is left when all that is at 0 is cut.
   *
   * @throws IllegalArgumentException if layers that are left share parameters but not their factors
   */
  public TransformerConfig cut() {
    config.sharing().forEach(this::requireAlike);
    float[][] heads = layers(Mask.HEADS);
    float[][] neurons = layers(Mask.NEURONS);
    List<Integer> kept = new ArrayList<>();
    List<LayerGeometry> left = new ArrayList<>();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      if (keeps(layer)) {
        kept.add(layer);
        LayerGeometry whole = config.layers().get(layer);
        left.add(
            whole.with(
                whole.heads() - count(new float[][] {heads[layer]}, 0),
                whole.intermediateSize() - count(new float[][] {neurons[layer]}, 0)));
      }
    }
    return config.keeping(kept, left);
  }

  private void requireAlike(List<Integer> sharers) {
    List<Integer> left = sharers.stream().filter(this::keeps).toList();
    for (Mask kind : List.of(Mask.HEADS, Mask.NEURONS)) {
      float[][] layers = layers(kind);
      for (int layer : left) {
        if (!Arrays.equals(layers[layer], layers[left.get(0)])) {
          throw new IllegalArgumentException(
              "layers %d and %d share their parameters, so the same %s have to go from both; mask them alike, or give each layer its own parameters with --unshare"
                  .formatted(left.get(0) + 1, layer + 1, kind.name().toLowerCase(Locale.ROOT)));
        }
      }
    }
  }

  /** Whether a layer is left when all that is at 0 is cut. */
  public boolean keeps(int layer) {
    return get(Unit.layer(config.maskedWith(layer))) != 0;
  }

  /** Adds the factors of {@linkplain #kinds() all kinds other than 1} to a batch's inputs. */
  public ModelInputs addTo(ModelInputs inputs) {
    return addTo(inputs, kinds());
  }

  /** Adds the factors of some kinds, the same for every example, to a batch's inputs. */
  public ModelInputs addTo(ModelInputs inputs, Set<Mask> kinds) {
    for (Mask kind : kinds) {
      float[][] layers = layers(kind);
      for (int layer = 0; layer < layers.length; layer++) {
        if (layers[layer].length > 0) {
          inputs.mask(kind, layer, layers[layer]);
        }
      }
    }
    return inputs;
  }

  /**
   * The factors of a kind, float32 {@code [layers, widest layer]}; 0 where a layer is narrower,
   * since what would be there is gone.
   */
  public Tensor toTensor(Mask kind) {
    float[][] layers = layers(kind);
    int width = Arrays.stream(layers).mapToInt(layer -> layer.length).max().orElse(0);
    float[] flat = new float[layers.length * width];
    for (int layer = 0; layer < layers.length; layer++) {
      System.arraycopy(layers[layer], 0, flat, layer * width, layers[layer].length);
    }
    return Tensor.of(flat, layers.length, width);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelMask mask
        && config.equals(mask.config)
        && factors.keySet().equals(mask.factors.keySet())
        && factors.entrySet().stream()
            .allMatch(kind -> Arrays.deepEquals(kind.getValue(), mask.factors.get(kind.getKey())));
  }

  @Override
  public int hashCode() {
    return factors.values().stream().mapToInt(Arrays::deepHashCode).sum();
  }

  @Override
  public String toString() {
    return factors.isEmpty()
        ? "nothing masked"
        : "masked: %d heads, %d neurons, %d layers"
            .formatted(
                maskedCount(Mask.HEADS), maskedCount(Mask.NEURONS), maskedCount(Mask.LAYERS));
  }
}
