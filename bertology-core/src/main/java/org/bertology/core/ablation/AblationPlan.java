package org.bertology.core.ablation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bertology.api.model.Mask;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * Which groups of units are ablated, and the mask of each.
 *
 * @param groups those of which the base mask has left anything, layer after layer
 * @param widths how many groups each layer has, those of which nothing is left included
 */
record AblationPlan(ModelMask base, AblationMode mode, List<UnitGroup> groups, int[] widths) {

  /**
   * The plan for a mask.
   *
   * @throws IllegalArgumentException if the mask leaves no unit of the target
   */
  static AblationPlan of(ModelMask base, AblationOptions options) {
    int[] units = options.target().widths(base.config());
    int together = options.unitsTogether();
    int[] widths = Arrays.stream(units).map(count -> groupsOf(count, together)).toArray();
    List<UnitGroup> groups = new ArrayList<>();
    for (int layer = 0; layer < units.length; layer++) {
      for (int index = 0; index < widths[layer]; index++) {
        int first = index * together;
        int size = Math.min(together, units[layer] - first);
        groups.add(new UnitGroup(options.target().mask(), layer, index, first, size));
      }
    }
    groups.removeIf(group -> group.units().stream().allMatch(unit -> base.get(unit) == 0));
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to ablate: the model and its mask leave no %s"
              .formatted(options.target().key()));
    }
    return new AblationPlan(base, options.mode(), List.copyOf(groups), widths);
  }

  private static int groupsOf(int units, int together) {
    return units / together + (units % together > 0 ? 1 : 0);
  }

  /** The masks of all groups, and at last the base itself. */
  List<ModelMask> variants() {
    List<ModelMask> variants = new ArrayList<>();
    groups.forEach(group -> variants.add(variant(group)));
    variants.add(base);
    return variants;
  }

  private ModelMask variant(UnitGroup group) {
    return switch (mode) {
      case LEAVE_ONE_OUT -> base.without(group.units());
      case KEEP_ONE -> base.without(others(group));
    };
  }

  private List<Unit> others(UnitGroup group) {
    Mask kind = group.kind();
    return base.units(kind).stream()
        .filter(unit -> unit.layer() == group.layer())
        .filter(unit -> !group.units().contains(unit))
        .toList();
  }
}
