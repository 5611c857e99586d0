package org.bertology.core.result;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ablation.UnitGroup;

/** How results name what was ablated, counted from 1. */
final class AblationNames {
  private AblationNames() {}

  /** The members or columns that tell which group it is, in their order. */
  static Map<String, Integer> of(UnitGroup group) {
    Map<String, Integer> names = new LinkedHashMap<>();
    names.put("layer", group.layer() + 1);
    switch (group.kind()) {
      case HEADS -> names.put("head", group.first() + 1);
      case NEURONS -> {
        names.put("firstNeuron", group.first() + 1);
        names.put("lastNeuron", group.last() + 1);
      }
      case LAYERS -> {}
    }
    return names;
  }
}
