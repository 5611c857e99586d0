package org.bertology.core.ablation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bertology.api.model.Mask;
import org.bertology.core.model.ModelMask;

/**
 * Variants of a mask that first differ from the base at the same place, so that everything below it
 * is the same for all of them.
 *
 * @param variants by their number
 * @param changing names of the mask inputs in which some of them differ from the base
 */
record SweepGroup(Map<Integer, ModelMask> variants, Set<String> changing) {
  SweepGroup {
    variants = new LinkedHashMap<>(variants);
    changing = Set.copyOf(changing);
  }

  /** A layer's mask inputs, in the order in which the layer uses them. */
  private record Place(int layer, Mask kind) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return layer == other.layer
          ? kind.compareTo(other.kind)
          : Integer.compare(layer, other.layer);
    }

    String input() {
      return kind.input(layer);
    }
  }

  /**
   * Variants in groups, from the bottom of the model to the top.
   *
   * @param kinds all kinds of masks that are inputs; there must be one at least
   */
  static List<SweepGroup> of(ModelMask base, List<ModelMask> variants, Set<Mask> kinds) {
    TreeMap<Place, Map<Integer, ModelMask>> byFirst = new TreeMap<>();
    Map<Place, Set<String>> changing = new HashMap<>();
    for (int i = 0; i < variants.size(); i++) {
      List<Place> places = differences(base, variants.get(i), kinds);
      Place first = places.isEmpty() ? last(base, kinds) : places.get(0);
      byFirst.computeIfAbsent(first, unused -> new LinkedHashMap<>()).put(i, variants.get(i));
      Set<String> inputs = changing.computeIfAbsent(first, unused -> new HashSet<>());
      inputs.add(first.input());
      places.forEach(place -> inputs.add(place.input()));
    }
    List<SweepGroup> groups = new ArrayList<>();
    byFirst.forEach(
        (place, members) ->
            groups.add(new SweepGroup(members, changing.getOrDefault(place, Set.of()))));
    return groups;
  }

  private static List<Place> differences(ModelMask base, ModelMask variant, Set<Mask> kinds) {
    List<Place> places = new ArrayList<>();
    for (Mask kind : kinds) {
      double[][] before = base.factors(kind);
      double[][] after = variant.factors(kind);
      for (int layer = 0; layer < before.length; layer++) {
        if (!Arrays.equals(before[layer], after[layer])) {
          places.add(new Place(layer, kind));
        }
      }
    }
    places.sort(null);
    return places;
  }

  /** Where a variant that is the base itself costs least. */
  private static Place last(ModelMask base, Set<Mask> kinds) {
    List<Place> places = new ArrayList<>();
    for (Mask kind : kinds) {
      double[][] factors = base.factors(kind);
      for (int layer = 0; layer < factors.length; layer++) {
        if (factors[layer].length > 0) {
          places.add(new Place(layer, kind));
        }
      }
    }
    places.sort(null);
    return places.get(places.size() - 1);
  }
}
