package org.bertology.core.family;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The spellings of a family's parameter names. The canonical one is that of a model with a task
 * head as current versions of the library save it.
 *
 * @param prefix what such a model puts before the names of its base model, such as {@code bert.}
 * @param parts what the base model's own names begin with
 * @param twins second names of a tensor that models share or store twice, by that name: the first
 *     name
 * @param constants tensors that the library saves or saved and that hold nothing learned
 */
public record ParameterNames(
    String prefix, List<String> parts, Map<String, String> twins, List<Pattern> constants) {

  public ParameterNames {
    parts = List.copyOf(parts);
    twins = Map.copyOf(twins);
    constants = List.copyOf(constants);
  }

  /**
   * The canonical name of a tensor. A bare model omits the prefix, and checkpoints converted from
   * TensorFlow call a layer norm's weight and bias gamma and beta. A second name counts where the
   * first one is missing. Any other name stays as it is.
   *
   * @param all the names of all tensors beside it
   */
  public String canonical(String name, Set<String> all) {
    String first = twins.get(name);
    if (first != null && !all.contains(first) && !all.contains(withoutPrefix(first))) {
      return first;
    }
    return layerNorm(parts.stream().anyMatch(name::startsWith) ? prefix + name : name);
  }

  private String withoutPrefix(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  private static String layerNorm(String name) {
    if (name.endsWith("LayerNorm.gamma")) {
      return name.substring(0, name.length() - "gamma".length()) + "weight";
    }
    if (name.endsWith("LayerNorm.beta")) {
      return name.substring(0, name.length() - "beta".length()) + "bias";
    }
    return name;
  }

  /** Whether a tensor of this canonical name holds nothing learned. */
  public boolean isConstant(String name) {
    return constants.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
